import { AsyncLocalStorage } from 'node:async_hooks';
import { ProgrammingError } from '../errors/programming-errors.js';
import type { BufferedSession } from './buffered-session.js';
import type { Session } from './session.js';

// Only tells concurrent units apart; it holds nothing between them.
const sessions = new AsyncLocalStorage<BufferedSession>();

/** Runs `work` so that `currentSession` finds the session in whatever it calls. */
export function withSession<T>(session: BufferedSession, work: () => T): T {
  return sessions.run(session, work);
}

/**
 * The session of the handler that is running: how repositories take part in its transaction.
 * @throws ProgrammingError `no-session` outside a unit of work.
 */
export function currentSession<Native = unknown>(): Session<Native> {
  const session = sessions.getStore();
  if (session !== undefined) return session as Session<Native>;
  throw new ProgrammingError(
    'no-session',
    'There is no session here: this runs outside a command or event handler.',
  );
}

/** The session if one is open here, for those who only need to know. */
export function findOpenSession(): Session | undefined {
  const session = sessions.getStore();
  return session?.isOver === false ? session : undefined;
}
