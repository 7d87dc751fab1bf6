/** The element with that id; the page has it. */
export function byId<Type extends HTMLElement = HTMLElement>(id: string): Type {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no element '${id}'.`);
  return element as Type;
}

type Content = string | readonly (Node | string)[];

/** Makes an element with a text, or with others. Texts are never read as markup. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  content: Content = '',
  attributes: Readonly<Record<string, string>> = {},
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (typeof content === 'string') made.textContent = content;
  else made.append(...content);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** A point in time as people write it. */
export function time(at: string): HTMLTimeElement {
  const shown = new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  return element('time', shown, { datetime: at });
}

/** Says what happened, to those who see and to those who listen. */
export function say(...content: readonly (Node | string)[]): void {
  byId('said').replaceChildren(...content);
}
