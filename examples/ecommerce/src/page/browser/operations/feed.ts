import type { OperationsSnapshot } from './snapshot.js';

export interface FeedListener {
  snapshot(snapshot: OperationsSnapshot): void;
  /** `lost`: it is tried again by itself. */
  connection(state: 'connecting' | 'live' | 'lost'): void;
  /** The shop will not tell this caller; nothing more comes. */
  refused(reason: string): void;
}

const retryDelaysInMs = [500, 1_000, 2_000, 5_000];

/**
 * Reads the server's events and goes on when the connection breaks, until the signal is aborted. Read by `fetch`,
 * since an `EventSource` cannot say who asks.
 */
export async function watchOperations(
  identity: string,
  listener: FeedListener,
  abortSignal: AbortSignal,
): Promise<void> {
  for (let failures = 0; !abortSignal.aborted; failures += 1) {
    listener.connection('connecting');
    const headers = { 'Shop-Identity': identity };
    const response = await fetch('/operations/feed', { headers, signal: abortSignal }).catch(() => undefined);
    if (response?.status === 401 || response?.status === 403) {
      const { detail } = (await response.json()) as { readonly detail: string };
      return listener.refused(detail);
    }
    if (response?.ok && response.body !== null) {
      failures = 0;
      listener.connection('live');
      await readEvents(response.body, listener).catch(() => undefined);
    }
    if (abortSignal.aborted) return;
    listener.connection('lost');
    const delayInMs = retryDelaysInMs[Math.min(failures, retryDelaysInMs.length - 1)];
    await new Promise((resolve) => setTimeout(resolve, delayInMs));
  }
}

async function readEvents(body: ReadableStream<BufferSource>, listener: FeedListener): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) tell(block, listener);
  }
}

function tell(block: string, listener: FeedListener): void {
  const lines = block.split('\n');
  if (!lines.includes('event: snapshot')) return;
  const data = lines.filter((line) => line.startsWith('data: ')).map((line) => line.slice('data: '.length));
  listener.snapshot(JSON.parse(data.join('\n')) as OperationsSnapshot);
}
