import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface ListeningSockets {
  readonly port: number;
  /** How many bytes have gone in and out on all connections. It stands still when nothing is under way. */
  readonly bytes: number;
  /** Destroys the sockets of all clients. */
  cutConnections(): void;
  /** Ends all connections and gives the port back. */
  stop(): Promise<void>;
}

/** Takes in sockets on 127.0.0.1. Rejects when the port is taken. */
export async function listen(port: number, accept: (socket: Socket) => void): Promise<ListeningSockets> {
  const sockets = new Set<Socket>();
  let closedBytes = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      closedBytes += bytesOf(socket);
    });
    // A client that goes away in the middle of something is no fault of the server's.
    socket.on('error', () => {});
    accept(socket);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const cutConnections = () => {
    for (const socket of sockets) socket.destroy(new Error('The server cut the connection.'));
  };
  return {
    port: (server.address() as AddressInfo).port,
    get bytes() {
      return [...sockets].reduce((sum, socket) => sum + bytesOf(socket), closedBytes);
    },
    cutConnections,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      cutConnections();
      await closed;
    },
  };
}

function bytesOf({ bytesRead, bytesWritten }: Socket): number {
  return bytesRead + bytesWritten;
}
