import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { FileFault } from './files.js';

/** A running HTTP server on 127.0.0.1; `url` has no trailing slash. */
export interface LoopbackServer {
  readonly url: string;
  readonly port: number;
  /** Stops listening and drops open connections; resolves when the port is free. */
  close(): Promise<void>;
}

export type RequestHandler = (request: IncomingMessage, body: Buffer, response: ServerResponse) => Promise<void> | void;

/** A whole answer. */
export interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** Answers a request; undefined drops the connection. `hungUp` aborts when the client has closed the connection. */
export type Answerer = (
  request: IncomingMessage,
  body: Buffer,
  hungUp: AbortSignal,
) => Promise<Answer | undefined> | Answer;

/** A server of whole answers; code in this process may call `answer` directly. */
export interface AnsweringServer extends LoopbackServer {
  readonly answer: Answerer;
}

/** Largest request body of the local AWS servers, which is DynamoDB's limit. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/**
 * Serves `handle` on 127.0.0.1 alone, never on another interface; `handle` gets each request with its whole body. A
 * client that hangs up while sending is dropped silently; a handler that throws answers 500.
 */
export async function serveLoopback(handle: RequestHandler, port = 0): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    readBody(request)
      .then((body) => (body === 'too large' ? refuse(response, 413) : handle(request, body, response)))
      .catch((error) => {
        if (response.destroyed) return; // the client is gone
        if (!(error instanceof FileFault)) console.error(error); // a FileFault is printed when the process ends
        refuse(response, 500);
      });
  });
  // The SDK keeps connections open between calls, so the server must not close them first.
  server.keepAliveTimeout = 120_000;
  await listen(server, port);
  const bound = (server.address() as AddressInfo).port;
  return { url: `http://127.0.0.1:${bound}`, port: bound, close: () => close(server) };
}

/** Serves whole answers on 127.0.0.1. */
export async function serveAnswers(answer: Answerer, port?: number): Promise<AnsweringServer> {
  const server = await serveLoopback(async (request, body, response) => {
    const gone = new AbortController();
    response.once('close', () => response.writableEnded || gone.abort());
    const answered = await answer(request, body, gone.signal);
    if (answered === undefined) response.destroy();
    else
      response
        .writeHead(answered.status, { ...answered.headers, 'content-length': answered.body.length })
        .end(answered.body);
  }, port);
  return { ...server, answer };
}

/** Reads by events: async iteration over each request was a twentieth of the servers' work. */
function readBody(request: IncomingMessage): Promise<Buffer | 'too large'> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) resolve('too large');
      else chunks.push(chunk);
    });
    request.once('end', () => resolve(Buffer.concat(chunks, bytes)));
    request.once('error', reject);
    request.once('close', () => reject(new Error('the client hung up')));
  });
}

function refuse(response: ServerResponse, status: number): void {
  if (!response.headersSent) response.writeHead(status, { connection: 'close' });
  response.end();
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
