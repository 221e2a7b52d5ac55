import http, { STATUS_CODES } from 'node:http';
import https, { type RequestOptions } from 'node:https';
import type { TcpSocketConnectOpts } from 'node:net';
import { BODY_KEPT, bodyExcerpt } from '../body-excerpt.js';
import { cancelledFailure, isParserError, timeoutFailure } from '../call-failure.js';
import { startLimit } from '../call-limit.js';
import type { Caller, CallerSettings, OutboundRequest } from '../kind.js';
import { type CallOutcome, MALFORMED } from '../outcome.js';
import { checkUrl } from './address-guard.js';
import { type Exchange, exchange } from './exchange.js';
import { guardedLookup, nameResolver, type Resolve } from './guarded-lookup.js';
import type { HttpDestination } from './http.js';
import { httpFailure } from './http-failure.js';
import { decodedBody, headerExcerpt } from './response-body.js';

export interface HttpCallerOptions extends CallerSettings {
  /** Resolves host names; by default through the operating system's name servers. */
  resolve?: Resolve;
  /** Certificate authorities (PEM) to trust in place of node's own. */
  ca?: string;
}

/**
 * Milliseconds after which idle sockets are closed, before servers close them (after two seconds at least, mostly
 * five): if a server closes a socket while a request is sent, the attempt fails although the server never saw the
 * request. In a thawed Lambda environment this timer fires first, before a socket is tried that a firewall has
 * forgotten.
 */
const IDLE_SOCKET_MS = 1_500;
/** Milliseconds for each address of a host but the last; node's default of 250 gives up on hosts that are far away. */
const ADDRESS_ATTEMPT_MS = 1_000;

/**
 * Makes the outbound calls: guarded (checked URL, checked and pinned addresses), without redirects, and bounded by the
 * call's timeout in every phase. An answer counts when it is complete: a 2xx whose body breaks off, or does not end
 * before the timeout, is a failure (the receiver may have died half-way, and delivery is at-least-once). Bytes beyond
 * 64 KB are not read, and the status still counts.
 *
 * A call is one request, never repeated here: a request that was written to a socket may have been read, even if an
 * error follows. Another request is another attempt, and the retry policy decides on it.
 */
export function createHttpCaller(options: HttpCallerOptions): Caller<HttpDestination> {
  const resolve = options.resolve ?? nameResolver();
  const connection: RequestOptions & Partial<TcpSocketConnectOpts> = {
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  };
  const agents = {
    'http:': new http.Agent({ keepAlive: true, timeout: IDLE_SOCKET_MS }),
    'https:': new https.Agent({ keepAlive: true, timeout: IDLE_SOCKET_MS }),
  };
  const send = (call: HttpCall, url: URL, signal: AbortSignal) =>
    exchange(
      {
        ...connection,
        agent: agents[url.protocol as keyof typeof agents],
        lookup: guardedLookup(resolve, options, signal),
        ...requestLine(call, url),
      },
      call.body,
      signal,
    );
  return async ({ url, method }, request) => {
    const call = { ...request, url, method };
    const startedAt = options.now();
    const fault = checkUrl(url, options);
    const verdict = fault ? { ...NO_ANSWER, status: 'blocked' as const, error: fault } : await judge(call, send);
    return { ...verdict, started_at: startedAt, finished_at: options.now() };
  };
}

/** One HTTP request to make, its headers complete but for Host, Content-Length and Connection. */
type HttpCall = OutboundRequest & Pick<HttpDestination, 'url' | 'method'>;
type Verdict = Omit<CallOutcome, 'started_at' | 'finished_at'>;

export const NO_ANSWER = { http_status: null, response_headers: {}, response_body: '' };

function requestLine(call: HttpCall, url: URL): RequestOptions {
  // Without Content-Length node sends the body of a GET or DELETE unframed; a server reads it as a second request.
  const framed = call.body.length > 0 || !['GET', 'HEAD', 'DELETE'].includes(call.method);
  return {
    method: call.method,
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    path: url.pathname + url.search,
    headers: { ...call.headers, ...(framed ? { 'Content-Length': `${call.body.length}` } : {}) },
  };
}

type Send = (call: HttpCall, url: URL, signal: AbortSignal) => Promise<Exchange>;

async function judge(call: HttpCall, send: Send): Promise<Verdict> {
  const url = new URL(call.url);
  const limit = startLimit(call);
  try {
    const result = await send(call, url, limit.signal);
    const { timings } = result;
    return {
      ...(await answerOf(result)),
      ...verdictOn(result, url.host, limit.signal),
      ...(Object.keys(timings).length > 0 && { timings_ms: timings }),
    };
  } catch (error) {
    return { ...NO_ANSWER, ...httpFailure(error, 'connect', url.host) };
  } finally {
    limit.release();
  }
}

async function answerOf(result: Exchange): Promise<Pick<Verdict, keyof typeof NO_ANSWER>> {
  const { response, stated, error } = result;
  if (response === undefined) return { ...NO_ANSWER, http_status: (isParserError(error) && stated) || null };
  const status = response.statusCode ?? 0;
  const body = await decodedBody(result.body, response.headers['content-encoding'], BODY_KEPT);
  return {
    http_status: isStatus(status) ? status : null,
    response_headers: headerExcerpt(response.headers),
    response_body: bodyExcerpt(body, BODY_KEPT),
  };
}

function verdictOn(result: Exchange, host: string, signal: AbortSignal): Pick<Verdict, 'status' | 'error'> {
  const { error, phase, response } = result;
  if (error && error === signal.reason) {
    return signal.reason === 'cancelled' ? cancelledFailure(host) : timeoutFailure(phase, host);
  }
  const status = response?.statusCode ?? 0;
  const isGood = status >= 200 && status < 300;
  if (error && (isGood || response === undefined)) return httpFailure(error, phase, host);
  return isStatus(status) ? statusVerdict(status, host) : { status: 'failed', error: noStatusError(status, host) };
}

export function statusVerdict(status: number, host: string): Pick<Verdict, 'status' | 'error'> {
  const isGood = status >= 200 && status < 300;
  return isGood ? { status: 'success', error: null } : { status: 'failed', error: statusError(status, host) };
}

/** RFC 9110 has no status below 100; a receiver's own status above 599 is kept. */
function isStatus(status: number): boolean {
  return status >= 100;
}

function noStatusError(status: number, host: string): { code: string; message: string } {
  const line = String(status).padStart(3, '0');
  return { code: MALFORMED, message: `${host} answered with the status ${line}, which HTTP does not have.` };
}

function statusError(status: number, host: string): { code: string; message: string } {
  if (status >= 300 && status < 400 && status !== 304) {
    return { code: 'redirect', message: `${host} answered ${status}, a redirect; redirects are not followed.` };
  }
  return { code: `http_${status}`, message: `${host} answered ${`${status} ${STATUS_CODES[status] ?? ''}`.trim()}.` };
}
