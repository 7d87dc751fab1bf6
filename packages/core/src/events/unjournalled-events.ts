import type { Event, MessageType } from '../messages/message.js';
import { requireDefinition } from '../messages/message-registry.js';

/** Hears of an event at once, in the same process, and only there. */
export type UnjournalledHandler<E extends Event> = (event: E) => unknown;

/**
 * In-process notifications. What is published here is **neither journalled nor retried**: it reaches the handlers
 * that listen in this process at this moment, once, and is then forgotten. It is not part of any transaction; when
 * the process dies, or a handler throws, the notification is lost. For everything that must not be lost, append the
 * event to a stream and handle it with `eventHandler`.
 */
export class UnjournalledEvents {
  readonly #handlers = new Map<string, readonly UnjournalledHandler<never>[]>();

  /** Listens until the returned function is called. Handlers of one event are called in the order they came. */
  on<E extends Event>(type: MessageType<E>, handler: UnjournalledHandler<NoInfer<E>>): () => void {
    const { wireName } = type;
    this.#handlers.set(wireName, [
      ...(this.#handlers.get(wireName) ?? []),
      handler as UnjournalledHandler<never>,
    ]);
    return () => {
      const left = (this.#handlers.get(wireName) ?? []).filter((one) => one !== handler);
      if (left.length === 0) this.#handlers.delete(wireName);
      else this.#handlers.set(wireName, left);
    };
  }

  /**
   * Calls every handler of the event, and resolves when all of them are done. One that throws keeps no other from
   * being called.
   * @throws the error of the handler that failed, or an `AggregateError` of several.
   */
  publish(event: Event): Promise<void> {
    const handlers = this.#handlers.get(requireDefinition(event).wireName);
    if (handlers === undefined) return Promise.resolve();
    const first = handlers[0];
    return handlers.length === 1 && first !== undefined ? call(first, event) : callAll(handlers, event);
  }
}

async function call(handler: UnjournalledHandler<never>, event: Event): Promise<void> {
  await handler(event as never);
}

async function callAll(handlers: readonly UnjournalledHandler<never>[], event: Event): Promise<void> {
  const outcomes = await Promise.allSettled(handlers.map((handler) => call(handler, event)));
  const errors = outcomes
    .filter(({ status }) => status === 'rejected')
    .map((one) => (one as PromiseRejectedResult).reason);
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, `${errors.length} handlers failed.`);
}
