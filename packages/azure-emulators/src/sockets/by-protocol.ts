import type { Socket } from 'node:net';

/** Takes in a socket whose first bytes are still to be read. */
export type AcceptSocket = (socket: Socket) => void;

/**
 * Lets one port speak two protocols: what begins like AMQP goes to the one, all else to HTTP. So clients find both at
 * the address of one connection string.
 */
export function byProtocol(amqp: AcceptSocket, http: AcceptSocket): AcceptSocket {
  return (socket) => {
    socket.once('data', (first: Buffer) => {
      socket.pause();
      const isAmqp = first.subarray(0, 4).equals(Buffer.from('AMQP').subarray(0, first.length));
      (isAmqp ? amqp : http)(socket);
      socket.unshift(first);
      socket.resume();
    });
  };
}
