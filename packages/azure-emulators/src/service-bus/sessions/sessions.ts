import { sessionCannotBeLocked, sessionLockLost } from '../errors/service-bus-error.js';
import { Hold, type HoldTiming } from '../queues/message-locks.js';
import { Session, type SessionReceiver } from './session.js';

export interface SessionWaiter {
  readonly receiver: SessionReceiver;
  granted(session: Session): void;
}

export interface SessionsOwner {
  readonly timing: HoldTiming;
  /** A session has become somebody's: what is ready can go there. */
  taken(session: Session): void;
  /** Nobody has the session any more; the locks on its messages end. */
  freed(session: Session, hold: Hold, how: 'expired' | 'released'): void;
  stateChanged(session: Session): void;
}

/** The sessions of a queue: who holds which, and who waits for the next. */
export class Sessions {
  private readonly byId = new Map<string, Session>();
  private readonly available = new Set<Session>();
  private readonly waiters = new Set<SessionWaiter>();

  constructor(private readonly owner: SessionsOwner) {}

  /** The session of that id, made on its first use. */
  of(id: string): Session {
    let session = this.byId.get(id);
    if (session === undefined) {
      session = new Session(id);
      this.byId.set(id, session);
    }
    return session;
  }

  ids(): string[] {
    return [...this.byId.keys()];
  }

  /** Throws `session-cannot-be-locked` while another receiver has it. */
  accept(id: string, receiver: SessionReceiver): Session {
    const session = this.of(id);
    if (session.lock !== undefined) throw sessionCannotBeLocked(id);
    return this.give(session, receiver);
  }

  /** The next free session with messages, at once or later. The returned function ends the waiting. */
  acceptNext(waiter: SessionWaiter): () => void {
    this.waiters.add(waiter);
    this.match();
    return () => this.waiters.delete(waiter);
  }

  /** The lock that the receiver has on a session. Throws `session-lock-lost` when it has none. */
  held(id: string, receiver?: SessionReceiver): Session & { lock: NonNullable<Session['lock']> } {
    const session = this.byId.get(id);
    const isHolder = receiver === undefined || session?.lock?.receiver === receiver;
    if (session?.lock === undefined || !isHolder) throw sessionLockLost(id);
    return session as Session & { lock: NonNullable<Session['lock']> };
  }

  release(session: Session, receiver: SessionReceiver): void {
    if (session.lock?.receiver === receiver) this.free(session, 'released');
  }

  /** Takes the lock from whoever has it, as its expiry does. */
  lose(session: Session): void {
    const receiver = session.lock?.receiver;
    this.free(session, 'expired');
    receiver?.lost(session);
  }

  get withState(): readonly Session[] {
    return [...this.byId.values()].filter(({ state }) => state !== undefined);
  }

  setState(session: Session, state: Buffer | undefined): void {
    session.state = state;
    this.owner.stateChanged(session);
  }

  /** Something of the session has changed that decides whether it can be given to a waiter, or forgotten. */
  changed(session: Session): void {
    if (session.lock === undefined && session.hasReady) {
      this.available.add(session);
      this.match();
    } else {
      this.available.delete(session);
    }
    if (session.isForgettable) this.byId.delete(session.id);
  }

  private match(): void {
    for (const waiter of this.waiters) {
      const [session] = this.available;
      if (session === undefined) return;
      this.waiters.delete(waiter);
      this.give(session, waiter.receiver);
      waiter.granted(session);
      this.owner.taken(session);
    }
  }

  private give(session: Session, receiver: SessionReceiver): Session {
    session.lock = { receiver, hold: new Hold(this.owner.timing, () => this.lose(session)) };
    session.attach(receiver);
    this.changed(session);
    return session;
  }

  private free(session: Session, how: 'expired' | 'released'): void {
    const { lock } = session;
    if (lock === undefined) return;
    lock.hold.drop();
    session.detach(lock.receiver);
    // Nobody else gets the session before all its messages are back in their order.
    this.owner.freed(session, lock.hold, how);
    session.lock = undefined;
    this.changed(session);
  }
}
