import type { EventGridReceiverClient } from '@azure/eventgrid-namespaces';

export type PullClient = Pick<EventGridReceiverClient, 'receiveEvents' | 'acknowledgeEvents'>;

export interface PullLoopOptions {
  readonly client: PullClient;
  /** Called when some have come. */
  readonly onEvents: () => void;
}

const mostEvents = 100;
/** How long the service holds a question that it has no answer to, in seconds. */
const waitInSeconds = 60;
/** How long to wait when it cannot be reached, in milliseconds. The journal is polled meanwhile. */
const pauseInMs = 5_000;

/** Asks for events again and again, and acknowledges them: they have woken whoever reads the journal. */
export class PullLoop {
  readonly #options: PullLoopOptions;
  readonly #ending = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: PullLoopOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      try {
        await this.#pull();
      } catch {
        // Nothing is lost: it only wakes.
        await this.#pause();
      }
    }
  }

  async #pull(): Promise<void> {
    const { client, onEvents } = this.#options;
    const { signal: abortSignal } = this.#ending;
    const { details = [] } = await client.receiveEvents({
      maxEvents: mostEvents,
      maxWaitTime: waitInSeconds,
      abortSignal,
    });
    if (details.length === 0) return;
    onEvents();
    await client.acknowledgeEvents(details.map(({ brokerProperties }) => brokerProperties.lockToken));
  }

  #pause(): Promise<void> {
    const { signal } = this.#ending;
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        // The signal lasts as long as the loop, and would keep one for each pause.
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, pauseInMs);
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
    });
  }
}
