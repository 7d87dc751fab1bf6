import type { FaultPlan, FaultPoint } from '../../faults/fault-plan.js';
import { asServiceBusError, ServiceBusError, serverBusy } from '../errors/service-bus-error.js';
import type { ServerReceiver, ServerSender } from './rhea-links.js';

interface Cuttable {
  readonly faults: FaultPlan;
  /** Destroys the client's socket. */
  cut(): void;
}

const forced = new ServiceBusError('amqp:link:detach-forced', 'The link was detached by the fault plan.');

/** Whom a fault strikes, and what it may spoil. */
export interface FaultTarget {
  readonly connection: Cuttable;
  readonly link: ServerSender | ServerReceiver;
  readonly entity: string;
  /** Ends the lock that is in question. */
  loseLock?(): void;
  /** Refuses, where something was asked for. */
  refuse?(error: ServiceBusError): void;
}

/**
 * Does `effect`, which gives the answer to send, in the way that the fault plan has for this point: not at all, late,
 * twice, or without the answer. Its errors go to `refuse`.
 */
export function withFaults(
  on: FaultPoint,
  target: FaultTarget,
  effect: () => (() => void) | undefined,
): void {
  const fault = target.connection.faults.decide(on, target.entity);
  const act = () => {
    try {
      return effect();
    } catch (error) {
      if (target.refuse === undefined) throw error;
      return () => target.refuse?.(asServiceBusError(error));
    }
  };
  const cut = () =>
    fault?.fault === 'cut-link' ? target.link.close({ ...forced }) : target.connection.cut();
  switch (fault?.fault) {
    case 'cut-link':
    case 'cut-connection':
      if (fault.afterEffect) act();
      cut();
      return;
    case 'throttle':
      target.refuse?.(serverBusy('The request was terminated because the entity is being throttled.'));
      return;
    case 'delay':
      setTimeout(() => act()?.(), fault.delayInMs ?? 100);
      return;
    case 'lose-lock':
      target.loseLock?.();
      break;
    case 'duplicate':
      act();
  }
  act()?.();
}
