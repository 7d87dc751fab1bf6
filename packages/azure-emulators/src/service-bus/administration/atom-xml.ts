import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { badRequest } from '../errors/service-bus-error.js';

/**
 * Elements by their names. Names that begin with `@` are attributes, `#text` is what stands between the tags, a list
 * is several elements of one name.
 */
export interface XmlElement {
  readonly [name: string]: XmlValue | undefined;
}

type XmlValue = string | XmlElement | readonly XmlValue[];

export const serviceBusNamespace = 'http://schemas.microsoft.com/netservices/2010/10/servicebus/connect';
export const instanceNamespace = 'http://www.w3.org/2001/XMLSchema-instance';

const options = { ignoreAttributes: false, attributeNamePrefix: '@' };

const parser = new XMLParser({ ...options, parseTagValue: false, removeNSPrefix: true });

const builder = new XMLBuilder({ ...options, suppressEmptyNode: true });

const build = (root: XmlElement) => `<?xml version="1.0" encoding="utf-8"?>${builder.build(root)}`;

/** The description in the content of an entry: its name, such as `QueueDescription`, and what it holds. */
export function parseEntry(text: string): { name: string; description: XmlElement } {
  let parsed: unknown;
  try {
    parsed = parser.parse(text, true);
  } catch (error) {
    throw badRequest(`The request body is no XML: ${(error as Error).message}`);
  }
  const content = elementAt(elementAt(parsed, 'entry'), 'content') ?? {};
  const [name] = Object.keys(content).filter((key) => !/^[@#]/.test(key));
  if (name === undefined) throw badRequest('The request body is no Atom entry with a description.');
  return { name, description: elementAt(content, name) ?? {} };
}

/** The element of a name; nothing when there is none, or text only. */
export function elementAt(parent: unknown, name: string): XmlElement | undefined {
  const value = (parent as XmlElement | undefined)?.[name];
  return typeof value === 'object' && !Array.isArray(value) ? (value as XmlElement) : undefined;
}

export interface Entry {
  /** The URL of what it describes: clients read names from its path. */
  readonly id: string;
  readonly title: string;
  readonly content: XmlElement;
}

const atom = { '@xmlns': 'http://www.w3.org/2005/Atom' };

const entryElement = ({ id, title, content }: Entry): XmlElement => ({
  id,
  title: { '@type': 'text', '#text': title },
  content: { '@type': 'application/xml', ...content },
});

export const formatEntry = (entry: Entry): string => build({ entry: { ...atom, ...entryElement(entry) } });

/** `next` is the URL of the page behind this one. */
export function formatFeed(id: string, entries: readonly Entry[], next?: string): string {
  const self = { '@rel': 'self', '@href': id };
  const link = next === undefined ? self : [self, { '@rel': 'next', '@href': next }];
  const feed = { ...atom, title: { '@type': 'text', '#text': id }, id, link };
  return build({ feed: entries.length === 0 ? feed : { ...feed, entry: entries.map(entryElement) } });
}

export const formatError = (code: number, detail: string): string =>
  build({ Error: { Code: String(code), Detail: detail } });
