/** What is drawn of an app's description. */
export interface Wiring {
  readonly name: string;
  readonly partitions: number;
  readonly commands: readonly Handled[];
  readonly queries: readonly (Handled & { readonly reads: readonly string[] })[];
  readonly subscriptions: readonly { readonly name: string; readonly kind: string; readonly feed: string }[];
  readonly readModels: readonly {
    readonly name: string;
    readonly version: number;
    readonly subscription: string;
  }[];
}

/** A command or query, and what happens around its handler, outermost first. */
interface Handled {
  readonly name: string;
  readonly policy: string;
  readonly behaviors: readonly string[];
}

export interface Box {
  readonly id: string;
  readonly kind: 'command' | 'journal' | 'subscription' | 'read-model' | 'query';
  readonly name: string;
  /** In smaller letters below the name. */
  readonly note: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WiringLayout {
  readonly boxes: readonly Box[];
  readonly ties: readonly { readonly from: Box; readonly to: Box }[];
  readonly width: number;
  readonly height: number;
}

type Unplaced = Pick<Box, 'id' | 'kind' | 'name' | 'note'>;
type Tie = readonly [from: string, to: string];

const boxSize = { width: 190, height: 42 };
const journalWidth = 100;
const gap = { x: 46, y: 10 };

/** Boxes in columns, from the commands on the left to the queries on the right, and what ties them together. */
export function layoutOf(wiring: Wiring): WiringLayout {
  const columns = columnsOf(wiring);
  const height = Math.max(...columns.map(heightOf));
  const boxes = columns.flatMap((column, index) => place(column, leftOf(index), height));
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const ties = tiesOf(wiring).flatMap(([from, to]) => {
    const ends = { from: byId.get(from), to: byId.get(to) };
    return ends.from === undefined || ends.to === undefined ? [] : [{ from: ends.from, to: ends.to }];
  });
  return { boxes, ties, width: leftOf(columns.length) - gap.x, height };
}

function columnsOf(wiring: Wiring): readonly (readonly Unplaced[])[] {
  const { commands, subscriptions, readModels, queries, partitions } = wiring;
  const fed = new Set(readModels.map(({ subscription }) => subscription));
  // Each query beside what it reads.
  const rank = (reads: readonly string[]) =>
    reads.reduce((sum, read) => sum + readModels.findIndex(({ name }) => name === read), 0) /
    (reads.length || 1);
  const sorted = [...queries].sort((one, other) => rank(one.reads) - rank(other.reads));
  return [
    commands.map(({ name, policy }) => ({
      id: `command ${name}`,
      kind: 'command',
      name,
      note: `for ${policy}`,
    })),
    [{ id: 'journal', kind: 'journal', name: 'Journal', note: `${partitions} partitions` }],
    subscriptions
      .filter(({ name }) => !fed.has(name))
      .map(({ name, kind }) => ({ id: `subscription ${name}`, kind: 'subscription', name, note: kind })),
    readModels.map(({ name, version }) => ({
      id: `model ${name}`,
      kind: 'read-model',
      name,
      note: `version ${version}`,
    })),
    sorted.map(({ name, policy }) => ({ id: `query ${name}`, kind: 'query', name, note: `for ${policy}` })),
  ];
}

function tiesOf({ commands, subscriptions, readModels, queries }: Wiring): readonly Tie[] {
  const sourceOf = (subscription: string) => {
    const feed = subscriptions.find(({ name }) => name === subscription)?.feed ?? 'journal';
    return feed === 'journal' ? 'journal' : `subscription ${feed}`;
  };
  return [
    ...commands.map(({ name }): Tie => [`command ${name}`, 'journal']),
    ...subscriptions.map(({ name }): Tie => [sourceOf(name), `subscription ${name}`]),
    ...readModels.map(({ name, subscription }): Tie => [sourceOf(subscription), `model ${name}`]),
    ...queries.flatMap(({ name, reads }) => reads.map((read): Tie => [`model ${read}`, `query ${name}`])),
  ];
}

function heightOf(column: readonly Unplaced[]): number {
  return column.length * (boxSize.height + gap.y) - gap.y;
}

function leftOf(column: number): number {
  const left = column * (boxSize.width + gap.x);
  return column > 1 ? left - boxSize.width + journalWidth : left;
}

function place(column: readonly Unplaced[], x: number, height: number): readonly Box[] {
  if (column[0]?.kind === 'journal')
    return column.map((box) => ({ ...box, x, y: 0, width: journalWidth, height }));
  // What a short column has too much of room is spread over it.
  const pitch = Math.min((height + gap.y) / column.length, (boxSize.height + gap.y) * 1.6);
  const top = (height - pitch * column.length + pitch - boxSize.height) / 2;
  return column.map((box, index) => ({ ...box, ...boxSize, x, y: top + pitch * index }));
}
