import { createHmac, timingSafeEqual } from 'node:crypto';
import { forbidden, unauthorized } from '../cosmos-error.js';

export interface SignedRequest {
  readonly method: string;
  /** As it came, without the first slash. */
  readonly rawPath: string;
  readonly authorization: string | undefined;
  readonly date: string | undefined;
}

const longestDriftInMs = 15 * 60 * 1000;

/** Throws unless the request is signed with the key, by a clock that is right within 15 minutes. */
export function checkSignature(key: string, { method, rawPath, authorization, date }: SignedRequest): void {
  const token = new URLSearchParams(decoded(authorization).replaceAll('+', '%2B'));
  if (token.get('type') !== 'master') {
    throw unauthorized('Only tokens that are signed with the key of the account can be checked here.');
  }
  const signature = Buffer.from(token.get('sig') ?? '', 'base64');
  const isSigned = linksIn(rawPath).some(([type, link]) => {
    const text = `${method.toLowerCase()}\n${type}\n${link}\n${(date ?? '').toLowerCase()}\n\n`;
    const expected = createHmac('sha256', Buffer.from(key, 'base64')).update(text, 'utf8').digest();
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  });
  if (!isSigned) {
    throw unauthorized("The input authorization token can't serve the request. The wrong key is being used.");
  }
  // Clients sign by their own clock, which is the machine's.
  if (!(Math.abs(Date.parse(date ?? '') - Date.now()) <= longestDriftInMs)) {
    throw forbidden('The authorization token is not valid at the current time.');
  }
}

/** The type of a resource and the link to it that a client may have signed: of the thing itself, or of its parent. */
function linksIn(rawPath: string): readonly (readonly [type: string, link: string])[] {
  const names = rawPath.split('/').filter((name) => name !== '');
  if (names[0] === 'offers') return [['offers', (names[1] ?? '').toLowerCase()]];
  // What is done by a path of its own is signed as an act on the container.
  const signed = names[4] === 'operations' ? names.slice(0, 4) : names;
  const isThing = signed.length % 2 === 0;
  const type = signed.at(isThing ? -2 : -1) ?? '';
  const link = (isThing ? signed : signed.slice(0, -1)).join('/');
  return [
    [type, link],
    [type, decoded(link)],
  ];
}

function decoded(text: string | undefined): string {
  try {
    return decodeURIComponent(text ?? '');
  } catch {
    return '';
  }
}
