import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import http from 'node:http';
import type { RequestOptions } from 'node:https';
import https from 'node:https';
import type { Socket } from 'node:net';
import { BODY_KEPT } from '../body-excerpt.js';
import type { Phase } from '../call-failure.js';
import type { Timings } from '../outcome.js';

/**
 * Bytes that are read of an answer, headers and framing included. A longer answer's socket is destroyed: reading on to
 * reuse the socket would cost more than a new connection.
 */
const READ_LIMIT = 64 * 1024;
/** Number of interim answers (1xx) that are read before the final answer. */
const MAX_INTERIM = 10;

/** The bytes of a request's socket, taken before node's parser reads them. */
export interface Wire {
  /** Stops taking bytes and returns them as latin1. */
  end(): string;
  /** Destroys the socket, so that it is not reused. */
  close(): void;
}

/** `excess` is called when the answer exceeds `READ_LIMIT` or `MAX_INTERIM`. */
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

/**
 * Whether these bytes (as latin1) are exactly one answer in the strict form of RFC 9112. Other answers are read too,
 * but a lenient parser and a proxy on the way may disagree on an answer's end. So only the connection of a plain answer
 * is reused.
 */
export function isPlainAnswer(bytes: string): boolean {
  return endOfAnswer(bytes) === bytes.length;
}

const TEXT = '[\\t -~\\x80-\\xff]*';
const FIELDS = `(?:[!#$%&'*+\\-.^_\`|~\\w]+:${TEXT}\\r\\n)*`;
const HEAD = new RegExp(`HTTP/1\\.[01] (\\d{3})(?: ${TEXT})?\\r\\n(${FIELDS})\\r\\n`, 'y');
const CHUNK_SIZE = new RegExp(`([0-9a-f]{1,8})(?:;${TEXT})?\\r\\n`, 'iy');
const TRAILERS = new RegExp(`${FIELDS}\\r\\n`, 'y');
const OF_BODY = /^(content-length|transfer-encoding|content-type|content-encoding):/im;
const FRAMING = /^(content-length|transfer-encoding):(.*)$/gim;

/** Offset of the answer's end; undefined where the answer does not state it, or not in the strict form. */
function endOfAnswer(bytes: string): number | undefined {
  let head = matchAt(HEAD, bytes, 0);
  while (isInterim(head?.[1])) head = matchAt(HEAD, bytes, HEAD.lastIndex);
  if (head === null || head[1] === '101') return undefined;
  const body = HEAD.lastIndex;
  const [framing, another] = head[2]!.matchAll(FRAMING);
  if (another) return undefined;
  // A 204 has no body. If its headers describe a body, a body may still follow later.
  if (head[1] === '204') return OF_BODY.test(head[2]!) ? undefined : body;
  if (head[1] === '304') return body;
  const [, name = '', value = ''] = framing ?? [];
  if (name.toLowerCase() === 'content-length') return body + Number(value);
  return value.trim().toLowerCase() === 'chunked' ? endOfChunks(bytes, body) : undefined;
}

/** 101 is a final answer: no HTTP follows it. */
function isInterim(status = ''): boolean {
  return status.startsWith('1') && status !== '101';
}

function endOfChunks(bytes: string, start: number): number | undefined {
  for (let at = start; ; ) {
    const size = matchAt(CHUNK_SIZE, bytes, at)?.[1];
    if (size === undefined) return undefined;
    if (Number.parseInt(size, 16) === 0)
      return matchAt(TRAILERS, bytes, CHUNK_SIZE.lastIndex) ? TRAILERS.lastIndex : undefined;
    at = CHUNK_SIZE.lastIndex + Number.parseInt(size, 16) + 2;
    if (bytes.slice(at - 2, at) !== '\r\n') return undefined;
  }
}

function matchAt(pattern: RegExp, bytes: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(bytes);
}

/** The result of one request on one socket. Without an `error` the answer is complete, or was cut at its limit. */
export interface Exchange {
  phase: Phase;
  /** Present if the headers arrived, even if the body then broke off. */
  response: IncomingMessage | undefined;
  /** The status in the answer's first line, even if the headers cannot be read. */
  stated: number | undefined;
  /** The first BODY_KEPT bytes of the answer's body. */
  body: Buffer;
  timings: Timings;
  error: unknown;
}

type Lap = (phase: keyof Timings) => void;

/** Bytes of one answer's headers. The number of headers has no limit of its own. */
const MAX_HEADER_BYTES = 16 * 1024;
/** More than `MAX_INTERIM` interim answers (1xx), and no final answer. */
export class InterimAnswersError extends Error {
  override name = 'InterimAnswersError';
}

/**
 * Makes one request and reads its answer until it ends, breaks, or `signal` aborts (`error` is then its reason). When
 * the promise resolves, the socket is back with its agent or destroyed. The promise rejects only for a request that
 * cannot be written. Answers are read leniently, as common clients do: the receiver has done the work in any case.
 */
export async function exchange(options: RequestOptions, body: Buffer, signal: AbortSignal): Promise<Exchange> {
  const result: Exchange = {
    phase: 'connect',
    response: undefined,
    stated: undefined,
    body: Buffer.alloc(0),
    timings: {},
    error: undefined,
  };
  if (signal.aborted) return { ...result, error: signal.reason };
  const lap = lapsInto(result);
  const transport = options.protocol === 'https:' ? https : http;
  const request = transport.request({ ...options, maxHeaderSize: MAX_HEADER_BYTES, insecureHTTPParser: true });
  request.maxHeadersCount = 0;
  return new Promise((resolve) => {
    const stop = () => settle(signal.reason);
    const settle = once((error?: unknown) => {
      signal.removeEventListener('abort', stop);
      const bytes = wire.end();
      // A receiver may answer before it has read our body, or never end its answer: such a socket cannot be reused.
      const isReusable = !error && request.writableFinished && result.response?.complete && isPlainAnswer(bytes);
      if (!isReusable) {
        request.destroy();
        wire.close();
      }
      resolve({ ...result, stated: statedStatus(bytes), error });
    });
    const wire = wireOf(request, () => settle(result.response ? undefined : new InterimAnswersError()));
    signal.addEventListener('abort', stop, { once: true });
    watchConnecting(request, result, options.protocol === 'https:', lap);
    // The error listeners outlive the verdict and ignore later errors of a destroyed socket. An error behind a complete
    // answer does not count: the event `end` follows.
    request.on('error', (error) => result.response?.complete || settle(error));
    request.on('close', () => result.response ?? settle(brokenOff()));
    request.once('response', (response) => {
      lap('first_byte');
      readResponse(response, result, settle);
    });
    request.once('upgrade', (response, socket) => {
      lap('first_byte');
      // An upgrade that was not asked for is an answer, too; the bytes that follow on its socket are not HTTP.
      result.response = response;
      socket.destroy();
      settle();
    });
    request.end(body);
  });
}

/** The status of the first status line that is not an interim answer's. */
function statedStatus(bytes: string): number | undefined {
  const line = /^HTTP\/\d(?:\.\d)? +([2-9]\d\d)(?=[ \r\n])/im.exec(bytes);
  return line === null ? undefined : Number(line[1]);
}

/** Each lap is what has passed since the lap before. */
function lapsInto(result: Exchange): Lap {
  let before = performance.now();
  return (phase) => {
    const now = performance.now();
    result.timings = { ...result.timings, [phase]: Math.round(now - before) };
    before = now;
  };
}

function watchConnecting(request: ClientRequest, result: Exchange, isEncrypted: boolean, lap: Lap): void {
  const enterResponse = () => {
    result.phase = 'response';
  };
  request.once('socket', (socket) => {
    if (request.reusedSocket) return enterResponse();
    socket.once('lookup', () => lap('dns'));
    socket.once('connect', () => lap('connect'));
    if (isEncrypted) socket.once('secureConnect', () => lap('tls'));
    socket.once(isEncrypted ? 'secureConnect' : 'connect', enterResponse);
  });
}

function readResponse(response: IncomingMessage, result: Exchange, settle: (error?: unknown) => void): void {
  result.phase = 'body';
  result.response = response;
  const length = uncodedLength(response.headers);
  let read = 0;
  response.on('data', (chunk: Buffer) => {
    read += chunk.length;
    const room = BODY_KEPT - result.body.length;
    if (room > 0) result.body = Buffer.concat([result.body, chunk.subarray(0, room)]);
    if (length !== undefined && read >= length) settle();
  });
  if (length === 0) settle();
  response.on('end', () => settle());
  response.on('error', settle);
  response.on('close', () => response.readableEnded || settle(brokenOff()));
}

/** Length of a body with the coding "identity" (RFC 2616), which node's parser reads to the end of the connection. */
function uncodedLength(headers: IncomingHttpHeaders): number | undefined {
  const coding = headers['transfer-encoding']?.trim().toLowerCase();
  return coding === 'identity' && headers['content-length'] !== undefined
    ? Number(headers['content-length'])
    : undefined;
}

/** Node's own error for a socket that ends too early. */
function brokenOff(): Error {
  return Object.assign(new Error('The connection closed before the answer was complete.'), { code: 'ECONNRESET' });
}

/** Runs `run` on the first call alone. */
function once(run: (error?: unknown) => void): (error?: unknown) => void {
  let called = false;
  return (error) => {
    if (called) return;
    called = true;
    run(error);
  };
}
