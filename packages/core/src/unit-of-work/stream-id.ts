/** A stream's identity. */
export interface StreamId {
  readonly tenant: string;
  readonly name: string;
}
