import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Bytes read of an answer, its headers and framing included, before the rest is dropped, socket and all: reading on to reuse
 * the socket stops paying there.
 */
const READ_LIMIT = 64 * 1024;
/** Interim answers (1xx) before the answer. */
const MAX_INTERIM = 10;

/** What comes on a request's socket, byte for byte, as the parser is about to read it. */
export interface Wire {
  /** The bytes as latin1; no more are taken from then on. */
  end(): string;
  /** The connection is not used again. */
  close(): void;
}

/** `excess` is told once the answer has more bytes, or more interim answers, than are read. */
export function wireOf(request: ClientRequest, excess: () => void): Wire {
  const chunks: Buffer[] = [];
  let size = 0;
  let interim = 0;
  let wire: Socket | undefined;
  const take = (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size > READ_LIMIT) excess();
  };
  request.once('socket', (socket) => {
    wire = socket.prependListener('data', take);
  });
  request.on('information', () => {
    interim += 1;
    if (interim > MAX_INTERIM) excess();
  });
  return {
    end: () => {
      wire?.off('data', take);
      return Buffer.concat(chunks).toString('latin1');
    },
    close: () => wire?.destroy(),
  };
}
