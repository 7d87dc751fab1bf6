import type { Checkpoint, Position } from '@diptych/core';
import { hasAll, type ServerHistory } from '../server-history.js';

/**
 * What is kept beside a checkpoint: the copy, and for each server its history and how far that was when the documents
 * were written. Earlier checkpoints are there with theirs, the more the nearer: to go back to one from before a loss.
 */
export interface Evidence {
  readonly copy: string;
  /** Empty where servers do not tell their histories. */
  readonly servers: readonly { readonly id: string; readonly offset: number | null }[];
  readonly earlier: readonly EarlierCheckpoint[];
}

interface EarlierCheckpoint {
  readonly position: Position;
  readonly entryId: string;
  /** In the order of the servers; `null` for one that was not known then. */
  readonly offsets: readonly (number | null)[];
}

/** About so many characters of evidence are kept, and no more earlier checkpoints than those. */
const [mostCharacters, mostEarlier] = [1_000, 10];

/** Checkpoints that are kept lie so far apart, in bytes that a server has written: after a loss at most so much is looked at again that was not lost. */
const bytesApart = 1_000_000;

type Written = readonly [
  copy: string,
  servers: readonly (readonly [id: string, offset: number | null])[],
  ...earlier: readonly (readonly [position: Position, entryId: string, ...offsets: (number | null)[]])[],
];

export function evidenceText({ copy, servers, earlier }: Evidence): string {
  const now: Written = [copy, servers.map(({ id, offset }) => [id, offset] as const)];
  return `${JSON.stringify(now).slice(0, -1)}${earlierText(earlier)}]`;
}

/** Mostly the same ones as a moment ago. */
const earlierTexts = new WeakMap<Evidence['earlier'], string>();

function earlierText(earlier: Evidence['earlier']): string {
  const known = earlierTexts.get(earlier);
  if (known !== undefined) return known;
  const written = earlier.map(({ position, entryId, offsets }) => [position, entryId, ...offsets] as const);
  const text = written.map((one) => `,${JSON.stringify(one)}`).join('');
  earlierTexts.set(earlier, text);
  return text;
}

/** `undefined` for what no Redis of ours has written. */
export function readEvidence(text: string | undefined): Evidence | undefined {
  if (text === undefined) return undefined;
  try {
    const [copy, servers, ...earlier] = JSON.parse(text) as Written;
    return {
      copy,
      servers: servers.map(([id, offset]) => ({ id, offset })),
      earlier: earlier.map(([position, entryId, ...offsets]) => ({ position, entryId, offsets })),
    };
  } catch {
    return undefined;
  }
}

/** Evidence that this process has read or written lately: each partition asks for its own with every batch. */
export class KnownEvidence {
  readonly #known = new Map<string, Evidence>();

  /** As `readEvidence`. */
  read(text: string | undefined): Evidence | undefined {
    const known = text === undefined ? undefined : this.#known.get(text);
    return known ?? this.#keep(text, readEvidence(text));
  }

  /** As `evidenceText`. */
  textOf(evidence: Evidence): string {
    const text = evidenceText(evidence);
    this.#keep(text, evidence);
    return text;
  }

  #keep(text: string | undefined, evidence: Evidence | undefined): Evidence | undefined {
    if (text === undefined || evidence === undefined) return evidence;
    const [oldest] = this.#known.keys();
    if (this.#known.size === mostKnown) this.#known.delete(oldest!);
    this.#known.set(text, evidence);
    return evidence;
  }
}

/** Of more partitions than one process feeds as a rule: about a megabyte. */
const mostKnown = 512;

/** Whether all is there that was written when the evidence was. */
export function isWhole({ servers }: Pick<Evidence, 'servers'>, now: readonly ServerHistory[]): boolean {
  return servers.every(({ id, offset }) => now.some((server) => hasAll(server, id, offset)));
}

/** The newest of the earlier checkpoints whose documents are all there, with evidence of its own. */
export function lastWhole(evidence: Evidence, now: readonly ServerHistory[]): Checkpoint | undefined {
  const { copy, servers, earlier } = evidence;
  const at = earlier.findIndex(({ offsets }) =>
    isWhole({ servers: servers.map(({ id }, place) => ({ id, offset: offsets[place] ?? null })) }, now),
  );
  if (at === -1) return undefined;
  const { position, entryId, offsets } = earlier[at]!;
  const then = servers.map(({ id }, place) => ({ id, offset: offsets[place] ?? null }));
  const its = carriedOn({ copy, servers: then, earlier: earlier.slice(at + 1) }, now);
  return { position, entryId, evidence: evidenceText(its) };
}

/** What is to be kept beside a checkpoint that is reached now, behind a previous one that is whole. */
export function nextEvidence(
  copy: string,
  now: readonly ServerHistory[],
  previous: { readonly checkpoint: Checkpoint; readonly evidence: Evidence } | undefined,
  reached: Checkpoint,
): Evidence {
  const servers = now.map(({ id, offset }) => ({ id, offset }));
  if (previous === undefined) return { copy, servers, earlier: [] };
  const before = carriedOn(previous.evidence, now);
  const { position, entryId } = previous.checkpoint;
  const offsets = before.servers.map(({ offset }) => offset);
  if (position === reached.position || isNear(before.earlier[0], offsets))
    return { copy, servers, earlier: before.earlier };
  return thinned({ copy, servers, earlier: [{ position, entryId, offsets }, ...before.earlier] });
}

/** Whether an earlier checkpoint would do for one with these offsets. */
function isNear(newest: EarlierCheckpoint | undefined, offsets: EarlierCheckpoint['offsets']): boolean {
  return (
    newest !== undefined &&
    offsets.every((offset, at) => {
      const before = newest.offsets[at] ?? null;
      return offset === null || (before !== null && offset - before < bytesApart);
    })
  );
}

/**
 * The same evidence by the servers as they are now: what was written in a history up to where the next one went on from
 * it has the same offsets in that one.
 */
export function carriedOn(evidence: Evidence, now: readonly ServerHistory[]): Evidence {
  const { copy, servers, earlier } = evidence;
  // Mostly they are the same, and then nothing is to be carried anywhere.
  if (servers.length === now.length && servers.every(({ id }, at) => id === now[at]!.id)) return evidence;
  const places = now.map((server) => servers.findIndex(({ id, offset }) => hasAll(server, id, offset)));
  return {
    copy,
    // Nothing is known of a server that was not there: when it is replaced, all may be lost that it had by then.
    servers: now.map(({ id }, at) => ({ id, offset: servers[places[at]!]?.offset ?? null })),
    earlier: earlier.map((one) => ({ ...one, offsets: places.map((place) => one.offsets[place] ?? null) })),
  };
}

/** Leaves out those that lie closest together, seen from now, until the rest is short enough. */
function thinned(evidence: Evidence): Evidence {
  const earlier = [...evidence.earlier];
  const now = sumOf(evidence.servers.map(({ offset }) => offset));
  const ageOf = (at: number) => (at < 0 ? 0 : now - sumOf(earlier[at]!.offsets)) + 1;
  const isTooMuch = () =>
    earlier.length > mostEarlier || (earlier.length > 1 && sumOf(earlier.map(lengthOf)) > mostCharacters);
  while (isTooMuch()) {
    // The oldest one is kept as long as any: it is what is left after a long time.
    const nearness = earlier
      .slice(0, Math.max(1, earlier.length - 1))
      .map((_, at) => ageOf(at + 1 < earlier.length ? at + 1 : at) / ageOf(at - 1));
    earlier.splice(nearness.indexOf(Math.min(...nearness)), 1);
  }
  return { ...evidence, earlier };
}

/** About so many characters it is written with: quotation marks, commas and brackets are few. */
function lengthOf({ position, entryId, offsets }: EarlierCheckpoint): number {
  return position.length + entryId.length + 8 + sumOf(offsets.map((offset) => `${offset}`.length + 1));
}

function sumOf(offsets: readonly (number | null)[]): number {
  return offsets.reduce<number>((sum, offset) => sum + (offset ?? 0), 0);
}
