import { expect, it } from 'vitest';
import { type Box, layoutOf, type Wiring } from './wiring-layout.js';

const wiring: Wiring = {
  name: 'spec',
  partitions: 4,
  commands: [
    { name: 'spec.Plant', policy: 'anyone', behaviors: [] },
    { name: 'spec.Prune', policy: 'internal', behaviors: [] },
  ],
  subscriptions: [
    { name: 'commands', kind: 'commands', feed: 'journal' },
    { name: 'relay/spec', kind: 'relay', feed: 'journal' },
    { name: 'plants/v1', kind: 'projection', feed: 'relay/spec' },
    { name: 'beds/v2', kind: 'projection', feed: 'journal' },
  ],
  readModels: [
    { name: 'plants', version: 1, subscription: 'plants/v1' },
    { name: 'beds', version: 2, subscription: 'beds/v2' },
  ],
  queries: [
    { name: 'spec.Beds', policy: 'anyone', behaviors: [], reads: ['beds'] },
    { name: 'spec.Plants', policy: 'anyone', behaviors: [], reads: ['plants'] },
    { name: 'spec.Time', policy: 'anyone', behaviors: [], reads: [] },
  ],
};

const { boxes, ties, width, height } = layoutOf(wiring);
const named = (name: string) => boxes.find((box) => box.name === name) as Box;

it('ties each read model to what feeds it, and each query to what it reads', () => {
  expect(ties.map(({ from, to }) => `${from.name} → ${to.name}`)).toEqual([
    'spec.Plant → Journal',
    'spec.Prune → Journal',
    'Journal → commands',
    'Journal → relay/spec',
    'relay/spec → plants',
    'Journal → beds',
    'beds → spec.Beds',
    'plants → spec.Plants',
  ]);
});

it('goes from commands on the left to queries on the right', () => {
  const columns = ['spec.Plant', 'Journal', 'relay/spec', 'plants', 'spec.Plants'].map((name) => named(name));
  for (const [index, box] of columns.slice(1).entries())
    expect(box.x).toBeGreaterThan((columns[index] as Box).x + (columns[index] as Box).width);
});

it('puts queries beside what they read', () => {
  expect(named('spec.Plants').y).toBeLessThan(named('spec.Beds').y);
});

it('keeps all boxes inside, and none on another', () => {
  for (const box of boxes) {
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.y).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(width);
    expect(box.y + box.height).toBeLessThanOrEqual(height);
    const onIt = boxes.filter((other) => other !== box && other.x === box.x);
    for (const other of onIt) expect(Math.abs(other.y - box.y)).toBeGreaterThanOrEqual(box.height);
  }
});
