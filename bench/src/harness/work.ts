/** The trivial handler that every case calls, ours and the peers', and the proof that it ran. */
export class Work {
  handled = 0;

  readonly handle = async (): Promise<string> => {
    this.handled++;
    return 'done';
  };

  /** The same function, for those who want no result: a wrapper would make its caller slower than the others. */
  readonly handleEvent = this.handle as () => Promise<unknown> as () => Promise<void>;
}
