/** A promise that was not kept. */
export interface Finding {
  readonly kind: 'lost' | 'duplicated';
  /** One sentence, with the ids that it is about. */
  readonly what: string;
}
