import type { Delivery, Receiver, Sender, Session } from 'rhea';

/** What a link of rhea has beyond its declarations. */
interface LinkInternals {
  readonly local: {
    readonly attach: {
      max_message_size?: number;
      snd_settle_mode?: number;
      rcv_settle_mode?: number;
      properties?: object;
    };
  };
  readonly state: { local_open: boolean; open_requests: number };
  readonly session: ServerSession;
}

/** An AMQP session as the server sees it. */
export type ServerSession = Session & {
  readonly links: Readonly<Record<string, ServerSender | ServerReceiver>>;
  readonly outgoing: {
    readonly next_delivery_id: number;
    readonly next_pending_delivery: number;
    available(): number;
  };
  on_transfer(frame: { performative: { message_format?: number | undefined } }): void;
};

/** A link on which the client receives: the server sends. */
export type ServerSender = Omit<Sender, 'session'> &
  LinkInternals & {
    credit: number;
    delivery_count: number;
    _draining: boolean;
    _drained: boolean;
    _get_drain(): boolean;
  };

/** A link on which the client sends: the server receives. */
export type ServerReceiver = Omit<Receiver, 'session'> & LinkInternals;

export type ServerDelivery = Delivery & { remote_settled: boolean };
