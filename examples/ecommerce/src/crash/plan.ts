import type { Random } from './random.js';
import type { Step } from './step.js';

/** Which of the two shops. */
export type Slot = 0 | 1;

/** Something that befalls the shops. */
export type Blow =
  /** One dies at a step, after it passed it so many times. */
  | { readonly kind: 'at a step'; readonly slot: Slot; readonly step: Step; readonly letBy: number }
  /** One dies, or both at once, whatever they are doing. */
  | { readonly kind: 'at a random moment'; readonly slots: readonly Slot[]; readonly afterMs: number }
  /** One dies, and once more while its next version changes the schema. */
  | { readonly kind: 'in a migration'; readonly slot: Slot }
  /** One stands still until others have taken what it owned. It is not killed. */
  | { readonly kind: 'stall'; readonly slot: Slot; readonly step: Step };

/** The steps that lie in the middle of a command. */
export const commandSteps: readonly Step[] = [
  'in a handler',
  'between append and commit',
  'after a commit, before its answer',
];

type Kind = Step | 'at a random moment' | 'stall';

const blows: readonly (readonly [kind: Kind, weight: number])[] = [
  ['in a handler', 3],
  ['between append and commit', 3],
  ['after a commit, before its answer', 3],
  ['after publishing', 1],
  ['before documents', 1],
  ['after documents', 1],
  ['before a checkpoint', 1],
  ['after a checkpoint', 1],
  ['after parking', 0.7],
  ['after a parked message', 0.7],
  ['in a rebuild', 0.7],
  ['before a switch', 0.7],
  ['after a switch', 0.7],
  ['in a migration', 0.5],
  ['at a random moment', 4],
  ['stall', 2.5],
];

const stallSteps: readonly Step[] = ['before documents', 'after documents', 'before a checkpoint'];
/** Steps that are passed once in a while, and so are waited for the first time. */
const rareSteps: readonly Step[] = [
  'after parking',
  'after a parked message',
  'in a rebuild',
  'before a switch',
  'after a switch',
];

/** Deals blows out evenly, in an order that the seed decides: each kind as often as its weight says. */
export class Plan {
  readonly #random: Random;
  readonly #dealt = new Map<string, number>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** `inCommand`: one that falls in the middle of a command. */
  next({ inCommand = false }: { readonly inCommand?: boolean } = {}): Blow {
    const kind = this.#nextKind(inCommand);
    const slot = this.#random.below(2) as Slot;
    if (kind === 'stall') return { kind, slot, step: this.#random.pick(stallSteps) };
    if (kind === 'in a migration') return { kind, slot };
    if (kind === 'at a random moment') {
      return { kind, slots: this.#random.chance(0.2) ? [0, 1] : [slot], afterMs: this.#random.below(400) };
    }
    const letBy = rareSteps.includes(kind) ? 0 : this.#random.below(12);
    return { kind: 'at a step', slot, step: kind, letBy };
  }

  #nextKind(inCommand: boolean): Kind {
    const [[kind]] = blows
      .filter(([kind]) => !inCommand || commandSteps.some((step) => step === kind))
      .map(([kind, weight]) => [kind, ((this.#dealt.get(kind) ?? 0) + this.#random.next()) / weight] as const)
      .sort(([, one], [, other]) => one - other) as [readonly [Kind, number]];
    this.#dealt.set(kind, (this.#dealt.get(kind) ?? 0) + 1);
    return kind;
  }
}
