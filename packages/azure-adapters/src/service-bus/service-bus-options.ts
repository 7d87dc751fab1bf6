import type { TokenCredential } from '@azure/service-bus';
import type { Clock } from '@diptych/core';

/** Where a namespace is, and who comes. */
export type ServiceBusAccess =
  | {
      /** Of a namespace, with a key. With `UseDevelopmentEmulator=true` the emulator's, without TLS. */
      readonly connectionString: string;
      readonly namespace?: undefined;
      readonly credential?: undefined;
    }
  | {
      /** The namespace's host: `shop.servicebus.windows.net`. */
      readonly namespace: string;
      readonly credential: TokenCredential;
      readonly connectionString?: undefined;
    };

/**
 * What is done about topics, queues and subscriptions:
 *
 * - `create`: what is missing is made, what is there is checked. Needs the right to manage.
 * - `validate`: what is missing or set otherwise than promises need it is a fault. Needs the right to manage.
 * - `assume`: nothing is asked. Needs the rights to send and listen only.
 */
export type Topology = 'assume' | 'validate' | 'create';

interface ServiceBusSettings {
  /** Default `create`. */
  readonly topology?: Topology | undefined;
  /**
   * The namespace's tier, which decides how large messages and batches may be: 256 KiB in `standard`, 1 MiB in
   * `premium`. `basic` has no topics and no sessions. Default `standard`.
   */
  readonly tier?: 'standard' | 'premium' | undefined;
  /**
   * The names of the programs whose messages are taken; those of others go to the dead-letter queue. Default: any.
   */
  readonly sources?: readonly string[] | undefined;
  /** How long a session is held without a renewal, in milliseconds, 5,000 to 300,000. Default 60,000. */
  readonly lockInMs?: number | undefined;
  /**
   * How long a subscription that nobody listens to is kept, in milliseconds, at least 300,000. Then the broker deletes
   * it: that of a read model's version which is not deployed any more would hold every message to come. Whoever opens
   * it again finds in the journal what it missed. Default: one day.
   */
  readonly deleteWhenIdleInMs?: number | undefined;
  /** How many messages of a partition are held at most before they are settled, 1 to 2,000. Default 500. */
  readonly maxInFlight?: number | undefined;
  /** Default: the machine's. */
  readonly clock?: Clock | undefined;
}

export type ServiceBusOptions = ServiceBusAccess & ServiceBusSettings;
