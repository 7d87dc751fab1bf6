import type { Socket } from 'node:net';
import rhea from 'rhea';
import { ClientConnection, type Server } from './client-connection.js';

/** How many messages of one link may be under way, either way; the SDK's own limit is lower. */
const windowSize = 8192;

const idleTimeOutInMs = 60_000;

/** Speaks AMQP with one client. */
export type AcceptAmqp = (socket: Socket) => void;

export function amqpServer(server: Server): AcceptAmqp {
  const container = rhea.create_container({ id: 'diptych-service-bus-emulator' });
  container.sasl_server_mechanisms.enable_anonymous();
  // What a client does wrong ends its connection; there is nothing else to do about it.
  for (const event of ['error', 'protocol_error', 'connection_error', 'disconnected']) {
    container.on(event, () => {});
  }
  return (socket) => {
    socket.setNoDelay(true);
    const connection = container.create_connection(connectionOptions as never) as ServerConnection;
    new ClientConnection(server, connection, socket);
    connection.accept(socket);
    answerEveryRead(connection, socket);
  };
}

const connectionOptions = {
  idle_time_out: idleTimeOutInMs,
  session_buffer_size: windowSize,
  properties: { product: 'Diptych Service Bus emulator' },
  sender_options: { autosettle: false, treat_modified_as_released: false },
  receiver_options: { autoaccept: false, autosettle: false },
};

type ServerConnection = ReturnType<typeof rhea.create_connection> & {
  accept(socket: Socket): void;
  _write_frame(channel: number): void;
};

/**
 * The client's sockets hold small writes back until the last one is acknowledged, which the kernel delays by some 40 ms
 * when there is nothing to send: an empty frame is something to send.
 */
function answerEveryRead(connection: ServerConnection, socket: Socket): void {
  let isLooking = false;
  socket.on('data', () => {
    if (isLooking) return;
    isLooking = true;
    const written = socket.bytesWritten;
    setImmediate(() => {
      isLooking = false;
      if (socket.bytesWritten === written && connection.is_open()) connection._write_frame(0);
    });
  });
}
