import type { ReadModelStore } from '@diptych/core';
import type { NoteDocument } from '../notes/noted.js';
import type { NotesByHand } from './projector-by-hand.js';

/** A store of read models that is measured. */
export interface StoreCase {
  /** As it stands in the ids of lines. */
  readonly id: string;
  readonly name: string;
  /** What the twin is written with. */
  readonly sdk: string;
  /** Why it cannot be measured here. */
  readonly missing: string | undefined;
  open(): Promise<Ground>;
}

/** Ours and the raw SDK on one server, which is in a process of its own. Each has its own connection. */
export interface Ground {
  readonly readModels: ReadModelStore;
  /** Puts a document where `read` finds it. */
  put(document: NoteDocument): Promise<unknown>;
  /** The point read of the SDK. */
  read(note: string): Promise<NoteDocument>;
  readonly byHand: NotesByHand;
  close(): Promise<void>;
}
