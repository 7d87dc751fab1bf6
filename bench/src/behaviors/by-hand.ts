/**
 * The chain that the shipped behaviors are held against: what somebody writes who needs logging, authorization and
 * a time-out around one handler and has no framework. It does what ours does, and nothing that only ours needs.
 */
export interface HandContext {
  readonly id: string;
  readonly name: string;
  readonly subject: { readonly id: string; readonly roles: readonly string[] };
  readonly tenant: string;
  readonly signal: AbortSignal;
  /** Aborts the signal. */
  abort(reason: unknown): void;
}

export type HandStep<Message> = (message: Message, context: HandContext) => Promise<unknown>;

export interface HandLogger {
  debug(message: string, fields: Readonly<Record<string, unknown>>): void;
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
}

export function logged<Message>(next: HandStep<Message>, logger: HandLogger): HandStep<Message> {
  return async (message, context) => {
    const start = Date.now();
    const facts = () => ({
      kind: 'command',
      wireName: context.name,
      messageId: context.id,
      durationInMs: Date.now() - start,
    });
    try {
      const result = await next(message, context);
      logger.debug('handled', facts());
      return result;
    } catch (error) {
      logger.error('failed', { ...facts(), reason: String(error) });
      throw error;
    }
  };
}

export type HandPolicy<Message> = (message: Message, context: HandContext) => boolean | Promise<boolean>;

export function authorized<Message>(next: HandStep<Message>, allows: HandPolicy<Message>): HandStep<Message> {
  return async (message, context) => {
    const answer = allows(message, context);
    if (!(typeof answer === 'boolean' ? answer : await answer))
      throw new Error(`'${context.name}' is forbidden.`);
    return next(message, context);
  };
}
