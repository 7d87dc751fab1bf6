/** Where a shop can be made to die. Each names the moment between two things that must not come apart. */
const steps = [
  'in a handler',
  'between append and commit',
  'after a commit, before its answer',
  'after publishing',
  'before documents',
  'after documents',
  'before a checkpoint',
  'after a checkpoint',
  'after parking',
  'after a parked message',
  'in a rebuild',
  'before a switch',
  'after a switch',
  'in a migration',
] as const;

export type Step = (typeof steps)[number];

/** What becomes of the process there: it dies, or stands still for that long and then goes on. */
type Fate = { readonly kind: 'die' } | { readonly kind: 'stall'; readonly forMs: number };

/** Sent to a shop: the fate meets it when it passes that step, after so many times that it was let by. */
export interface FuseSetting {
  readonly step: Step;
  readonly letBy: number;
  readonly fate: Fate;
}

/** Sent by a shop. */
export type Told =
  /** It listens there. */
  | { readonly kind: 'ready'; readonly url: string }
  /** It has stood still, and goes on. */
  | { readonly kind: 'stalled' }
  /** What must not be was seen from the inside. */
  | { readonly kind: 'seen'; readonly what: string };

/** The environment variables by which a shop is told what it cannot be told later. */
export const variables = {
  fuse: 'SHOP_CRASH_FUSE',
  defect: 'SHOP_CRASH_DEFECT',
  migrations: 'SHOP_CRASH_MIGRATIONS',
} as const;
