/** The element with that id; the page has it. */
export function byId<Type extends HTMLElement = HTMLElement>(id: string): Type {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no element '${id}'.`);
  return element as Type;
}

/** Makes an element with a text. Texts are never read as markup. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  text = '',
  attributes: Readonly<Record<string, string>> = {},
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** An amount as people write it: with two decimals at least, and all those that it has. */
export function pounds(amount: string): string {
  const [whole = '0', fraction = ''] = amount.replace('-', '').split('.');
  return `${amount.startsWith('-') ? '−' : ''}£${whole}.${fraction.padEnd(2, '0')}`;
}
