import type { ShopStorage } from '../../storage/shop-storage.js';
import type { Rows } from '../judge/rows.js';

/** Where the shops of a run keep what they know. */
export interface Ground {
  /** What a shop is told in its environment, to keep it there. */
  readonly environment: Readonly<Record<string, string>>;
  /** A sound shop's storage there, with so many steps of the schema that a later version might have. */
  open(migrations: number): Promise<ShopStorage>;
  /** What is left there, by plain statements. */
  rows(storage: ShopStorage): Promise<Rows>;
  /** Takes it all away. */
  remove(): Promise<void>;
  /** Where people find it who want to look at what went wrong. */
  readonly place: string;
}
