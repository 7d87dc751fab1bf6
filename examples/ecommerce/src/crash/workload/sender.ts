import { setTimeout as wait } from 'node:timers/promises';
import type { Finding } from '../finding.js';
import type { Slot } from '../plan.js';
import type { Random } from '../random.js';
import type { SentCommand } from '../sent-command.js';
import type { Shops } from '../shops.js';
import { type Answer, ask } from './http.js';
import type { Record } from './record.js';

export interface Wish {
  /** The command's wire name. */
  readonly name: string;
  readonly body: unknown;
  readonly as: string;
  readonly key: string;
}

export interface SenderOptions {
  readonly shops: Shops;
  readonly random: Random;
  readonly record: Record;
  readonly onFinding: (finding: Finding) => void;
}

/** What became of a command, and the token of what it wrote. */
export type Sent = SentCommand['outcome'] & { readonly consistency?: string | undefined };

/** Sends commands as a careful client does: under a key, again and again until it is answered. */
export class Sender {
  readonly #options: SenderOptions;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  async send(wish: Wish, customerId: string): Promise<Sent> {
    const { record } = this.#options;
    const sent = await this.#untilAnswered(wish);
    const { consistency: _consistency, ...outcome } = sent;
    record.sent.push({ name: wish.name, key: wish.key, customerId, outcome });
    if (sent.kind === 'done' && this.#options.random.chance(0.1)) await this.#sendAgain(wish, sent);
    return sent;
  }

  /** One that was answered: the answer must be the same. */
  async #sendAgain(wish: Wish, first: Sent): Promise<void> {
    this.#options.record.resent += 1;
    const again = await this.#untilAnswered(wish);
    if (JSON.stringify(again) === JSON.stringify(first)) return;
    this.#options.onFinding({
      kind: 'duplicated',
      what: `${wish.name} under key ${wish.key} was answered by ${JSON.stringify(first)}, and then by ${JSON.stringify(again)}`,
    });
  }

  async #untilAnswered(wish: Wish): Promise<Sent> {
    let isAgain = false;
    for (;;) {
      const slot = this.#options.random.below(2) as Slot;
      if (this.#options.shops.urlOf(slot) !== undefined) {
        if (isAgain) this.#options.record.resent += 1;
        isAgain = true;
        const answer = await this.#ask(slot, wish);
        const sent = answer && sentOf(answer);
        if (sent !== undefined) return sent;
      }
      await wait(10);
    }
  }

  #ask(slot: Slot, { name, body, as, key }: Wish): Promise<Answer | undefined> {
    const { shops } = this.#options;
    const request = { path: `/commands/${name}`, as, body, headers: { 'Idempotency-Key': key } };
    return shops.counted(slot, () => ask(shops, slot, request));
  }
}

/** `undefined` for what is to be tried again. */
function sentOf({ status, body, consistency }: Answer): Sent | undefined {
  if (status === 200)
    return { kind: 'done', messageId: String(body.messageId), result: body.result, consistency };
  if (status === 422) return { kind: 'refused', code: String(body.code) };
  if (body.retryable === true || status >= 500) return undefined;
  throw new Error(`A shop answered ${status}: ${JSON.stringify(body)}`);
}
