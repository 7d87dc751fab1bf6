import type { Stores } from '../stores.js';
import { acknowledgementBeforeEffect } from './acknowledgement-before-effect.js';
import { checkpointBeforeEffect } from './checkpoint-before-effect.js';
import { inboxOutsideTheTransaction } from './inbox-outside-the-transaction.js';
import { markNotWritten } from './mark-not-written.js';
import { noFencing } from './no-fencing.js';

/** Breaks a promise on purpose, to see that it is noticed. What is not broken stays as it is. */
type Plant = (stores: Stores) => Partial<Stores>;

const defects = {
  'checkpoint before effect': checkpointBeforeEffect,
  'no fencing': noFencing,
  'mark not written': markNotWritten,
  'inbox outside the transaction': inboxOutsideTheTransaction,
  'acknowledgement before effect': acknowledgementBeforeEffect,
} as const satisfies Record<string, Plant>;

export type Defect = keyof typeof defects;

export const defectNames = Object.keys(defects) as readonly Defect[];

export function withDefect(stores: Stores, defect: Defect): Stores {
  return { ...stores, ...defects[defect](stores) };
}
