import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a server does with a request on a socket; `nth` counts the requests of that socket from 1. */
export type Misbehaviour = (socket: Socket, nth: number) => void;

export interface HostileServer {
  readonly port: number;
  readonly url: string;
  /** Every request's text so far, in order. */
  readonly requests: readonly string[];
  /** Connections ever accepted. */
  readonly accepted: () => number;
  /** Resolves when no client holds a connection any more; rejects after two seconds. */
  readonly deserted: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A raw TCP server on 127.0.0.1 that hands each request (told by its chunk of headers) to `misbehave`. */
export async function hostileServer(misbehave: Misbehaviour): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  const requests: string[] = [];
  let accepted = 0;
  const server = createServer((socket) => {
    let nth = 0;
    accepted += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      if (!/ HTTP\/1\.1\r\n/.test(chunk.toString('latin1'))) return;
      requests.push(chunk.toString('latin1'));
      nth += 1;
      misbehave(socket, nth);
    });
  });
  const port = await listen(server);
  return {
    port,
    url: `http://127.0.0.1:${port}/hook`,
    requests,
    accepted: () => accepted,
    deserted: () => until(() => sockets.size === 0),
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Listens on a free port of 127.0.0.1. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += 5) {
    if (waited > 2000) throw new Error('Connections are left open.');
    await sleep(5);
  }
}
