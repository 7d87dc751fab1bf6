import { type DocumentSink, UnavailableError } from '@diptych/core';

/**
 * - `lost`: it never comes.
 * - `unanswered`: it comes, and its sender hears nothing of it.
 * - `late`: as well, but it comes when the test says so.
 */
export type Passage = 'in-time' | 'lost' | 'unanswered' | 'late';

/** A sink as a process sees it over a bad line. */
export class LateSink {
  /** How the next request that changes something fares. */
  passage: () => Passage = () => 'in-time';
  readonly #sink: DocumentSink;
  readonly #late: (() => Promise<unknown>)[] = [];

  constructor(sink: DocumentSink) {
    this.#sink = sink;
  }

  get lateOnes(): number {
    return this.#late.length;
  }

  /** The first of the late ones comes, or another one. */
  async land(index = 0): Promise<void> {
    const [request] = this.#late.splice(index, 1);
    // The copy may be gone meanwhile.
    await request?.().catch(() => undefined);
  }

  /** This sink with that line before it. */
  get asSink(): DocumentSink {
    const sink = this.#sink;
    const line = { mirror: this.#over(sink.mirror), remove: this.#over(sink.remove) };
    return new Proxy(sink, {
      get(target, name) {
        if (name === 'mirror' || name === 'remove') return line[name];
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  #over<Input extends unknown[], Output>(request: (...input: Input) => Promise<Output>) {
    return async (...input: Input): Promise<Output> => {
      const send = () => request.apply(this.#sink, input);
      const passage = this.passage();
      if (passage === 'in-time') return send();
      if (passage === 'unanswered') await send();
      if (passage === 'late') this.#late.push(send);
      throw new UnavailableError('Nothing came back.');
    };
  }
}
