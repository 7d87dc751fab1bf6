import type { ReceiveSource } from '../entities/locate.js';
import {
  noSessionInTime,
  notAllowed,
  type ServiceBusError,
  sessionLockLost,
} from '../errors/service-bus-error.js';
import type { Session, SessionReceiver } from '../sessions/session.js';
import type { LinkContext, OpenLink } from './link-context.js';
import { holdAttach, refuseLink, wireError } from './outgoing-link.js';
import { ReceiveLink } from './receive-link.js';
import type { ServerSender } from './rhea-links.js';

export const sessionFilter = 'com.microsoft:session-filter';

/** How long a client waits for a session that does not say. */
const standardWaitInMs = 60_000;

/** A link that receives from one session. */
class SessionReceiveLink extends ReceiveLink implements SessionReceiver {
  private session: Session | undefined;
  private isAnswered = false;
  private stopWaiting = () => {};

  /** Accepts the session of the id, or waits for the next one that has messages. */
  accept(id: string | undefined): void {
    const { sessions } = this.source.queue;
    holdAttach(this.link);
    if (id !== undefined) {
      this.granted(sessions.accept(id, this));
      return;
    }
    const stop = sessions.acceptNext({ receiver: this, granted: (session) => this.granted(session) });
    if (this.session !== undefined) return;
    // A little less than the client waits, so that it hears the answer.
    const timer = setTimeout(() => this.refuse(noSessionInTime()), this.waitInMs() * 0.95).unref();
    this.stopWaiting = () => {
      clearTimeout(timer);
      stop();
    };
  }

  private waitInMs(): number {
    const wait: unknown = this.link.properties?.['com.microsoft:timeout'];
    return typeof wait === 'number' && wait > 0 ? wait : standardWaitInMs;
  }

  private granted(session: Session): void {
    const { link } = this;
    const { queue } = this.source;
    this.stopWaiting();
    this.session = session;
    link.set_source({ address: link.source.address, filter: { [sessionFilter]: session.id } });
    const lockedUntil = ticks(session.lock?.hold.until ?? 0);
    link.local.attach.properties = { 'com.microsoft:locked-until-utc': lockedUntil };
    link.on('sender_flow', () => queue.deliver(session));
    this.isAnswered = true;
    link.open();
  }

  lost({ id }: Session): void {
    this.session = undefined;
    this.link.close(wireError(sessionLockLost(id)));
  }

  private refuse(error: ServiceBusError): void {
    this.stopWaiting();
    this.isAnswered = true;
    refuseLink(this.link, error);
  }

  override closed(): void {
    this.stopWaiting();
    if (this.session !== undefined) this.source.queue.sessions.release(this.session, this);
    // A client that waits no longer still wants its answer: rhea ends only what was open.
    else if (!this.isAnswered) this.link.open();
    super.closed();
  }
}

/** Opens a link that receives from one session of a queue: that of the id, or the next with messages. */
export function openSessionLink(context: LinkContext, link: ServerSender, source: ReceiveSource): OpenLink {
  const { queue } = source;
  if (!queue.behavior.requiresSession) throw notAllowed(`The entity '${queue.path}' has no sessions.`);
  const id: unknown = link.source.filter?.[sessionFilter];
  const receiver = new SessionReceiveLink(context, link, source);
  try {
    receiver.accept(typeof id === 'string' ? id : undefined);
  } catch (error) {
    receiver.closed();
    throw error;
  }
  return receiver;
}

/** .NET's ticks: 100 nanoseconds each, from the year 1 on. */
function ticks(milliseconds: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(milliseconds) * 10_000n + 621_355_968_000_000_000n);
  return bytes;
}
