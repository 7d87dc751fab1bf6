import type { Line } from './harness/line.js';

/** Every line there is, in the order in which they are measured. Imported late: a process loads one line only. */
const lines: readonly { readonly id: string; readonly load: () => Promise<Line> }[] = [
  { id: 'imports/import-time', load: async () => (await import('./imports/import-time.js')).importTime },
];

/** The lines that the arguments name, by group (`buses`) or by id (`buses/queries`); all of them without any. */
export function selectLines(selectors: readonly string[]): readonly string[] {
  const ids = lines.map(({ id }) => id);
  for (const selector of selectors) {
    if (!ids.some((id) => matches(id, selector))) {
      throw new Error(`There is no '${selector}' among ${ids.join(', ')}.`);
    }
  }
  return selectors.length === 0
    ? ids
    : ids.filter((id) => selectors.some((selector) => matches(id, selector)));
}

export async function loadLine(id: string): Promise<Line> {
  const found = lines.find((line) => line.id === id);
  if (found === undefined) throw new Error(`There is no line '${id}'.`);
  return found.load();
}

function matches(id: string, selector: string): boolean {
  return id === selector || id.startsWith(`${selector}/`);
}
