/** A service in Azure, or an emulator that was started for this shop. */
export interface Connection<T> {
  readonly to: T;
  close(): Promise<void>;
}

/** Told what other shops are to have in their environment to use the same services. */
export type Tell = (variable: string, value: string) => void;

/** A service that somebody else looks after. */
export function connectionTo<T>(to: T): Connection<T> {
  return { to, close: async () => {} };
}

/** Tells on a stream, so that it can be copied into a shell. */
export function tellOn(stream: { write(text: string): unknown }): Tell {
  return (variable, value) => void stream.write(`${variable}='${value}'\n`);
}
