import { systemClock } from '../clock/system-clock.js';
import { within } from '../clock/within.js';
import { DiptychError } from '../errors/diptych-error.js';
import { UnavailableError } from '../errors/infrastructure-errors.js';
import type { JournalEntry } from '../journal/journal-entry.js';
import type {
  Backlog,
  JournalInfo,
  JournalReader,
  PartitionSlice,
  ReadFrom,
  ReadLimits,
} from '../journal/journal-reader.js';
import type { Position } from '../partitions/position.js';

export interface HttpJournalReaderOptions {
  /** Where `journalHandler` is served, without `/journal`: `https://orders.internal`. */
  readonly url: string;
  /** What goes with each request, asked anew each time: tokens run out. Default: nothing. */
  readonly headers?: (() => RequestHeaders | Promise<RequestHeaders>) | undefined;
  /** How long an answer may take, in milliseconds. Default 10,000. */
  readonly timeoutInMs?: number | undefined;
  /** Default: the global one. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
}

type RequestHeaders = Readonly<Record<string, string>>;
type Query = Readonly<Record<string, string | number | undefined>>;

/** Reads a journal that another process serves. It hears of no commits: subscriptions poll, or a transport wakes them. */
class HttpJournalReader implements JournalReader {
  readonly #options: HttpJournalReaderOptions;

  constructor(options: HttpJournalReaderOptions) {
    this.#options = options;
  }

  info(): Promise<JournalInfo> {
    return this.#get('');
  }

  async read(from: readonly ReadFrom[], limits: ReadLimits): Promise<readonly PartitionSlice[]> {
    return from.length === 0 ? [] : this.#get('/partitions', { from: placesOf(from), ...limits });
  }

  readAll(after: Position | undefined, limits: ReadLimits): Promise<Omit<PartitionSlice, 'partition'>> {
    return this.#get('/all', { after, ...limits });
  }

  async entryAt(partition: number, position: Position): Promise<JournalEntry | undefined> {
    return (await this.#get<JournalEntry | null>(`/${partition}/${position}`)) ?? undefined;
  }

  async heads(): Promise<ReadonlyMap<number, Position>> {
    return new Map(await this.#get<readonly [number, Position][]>('/heads'));
  }

  async backlog(from: readonly ReadFrom[]): Promise<readonly Backlog[]> {
    if (from.length === 0) return [];
    const found = await this.#get<readonly Backlog[]>('/backlog', { from: placesOf(from) });
    return found.map(({ partition, entries, oldest }) => ({ partition, entries, oldest }));
  }

  async #get<T>(path: string, query: Query = {}): Promise<T> {
    const { url, timeoutInMs = 10_000 } = this.#options;
    const parameters = Object.entries(query).flatMap(([name, value]): [string, string][] =>
      // Where there is no limit, the one of the other side holds.
      value === undefined || value === Number.POSITIVE_INFINITY ? [] : [[name, String(value)]],
    );
    const address = `${url.replace(/\/+$/, '')}/journal${path}?${new URLSearchParams(parameters)}`;
    const giveUp = new AbortController();
    try {
      // By a timer of our own: on Node 20 a request whose signal the garbage collector has met is deaf to it.
      const answer = await within(systemClock, timeoutInMs, this.#ask<T>(address, giveUp.signal));
      if (answer !== 'time-over') return answer.value;
    } catch (error) {
      if (error instanceof DiptychError) throw error;
      throw new UnavailableError(`The journal at ${url} cannot be reached.`, error);
    } finally {
      giveUp.abort();
    }
    throw new UnavailableError(`The journal at ${url} did not answer within ${timeoutInMs} ms.`);
  }

  async #ask<T>(address: string, signal: AbortSignal): Promise<{ readonly value: T }> {
    const { headers, fetch = globalThis.fetch } = this.#options;
    const response = await fetch(new Request(address, { headers: (await headers?.()) ?? {}, signal }));
    if (response.ok) return { value: (await response.json()) as T };
    throw refusedError(response.status, await response.text());
  }
}

/**
 * A journal that another process serves by `journalHandler`.
 * @throws UnavailableError from its methods when that process cannot be reached, or refuses.
 */
export function httpJournalReader(options: HttpJournalReaderOptions): JournalReader {
  return new HttpJournalReader(options);
}

function placesOf(from: readonly ReadFrom[]): string {
  return from
    .map(({ partition, after }) => (after === undefined ? `${partition}` : `${partition}:${after}`))
    .join(',');
}

// A refusal is mended by whoever runs the other process, while this one goes on asking.
function refusedError(status: number, text: string): UnavailableError {
  const reason =
    status === 401 || status === 403 ? 'does not let this process read it' : `answered ${status}`;
  return new UnavailableError(`The journal's process ${reason}.`, new Error(text.slice(0, 500)));
}
