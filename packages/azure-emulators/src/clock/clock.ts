/**
 * Where an emulator's time comes from: locks, times to live, due times, windows. Waiting on the wire (a heartbeat, how
 * long a client waits for a session) is real time always, since the client at the other end knows no other.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls `callback` once, `delayInMs` from now. The returned function cancels it. */
  after(delayInMs: number, callback: () => void): () => void;
}
