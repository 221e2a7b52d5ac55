import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { toJson } from '../../primitives/json-text.js';
import { type Problem, problemOf } from './problem.js';

/** A body is sent as JSON; bytes, and a string with a `content-type`, are sent unchanged. Header names are in lower case. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Values of Set-Cookie. */
  readonly cookies?: readonly string[] | undefined;
  readonly body?: unknown;
}

/** Headers of every answer to a request, also of an error; in lower case. */
const headersOfAll = new WeakMap<APIGatewayProxyEventV2, Readonly<Record<string, string>>>();

export function answerAllWith(event: APIGatewayProxyEventV2, headers: Readonly<Record<string, string>>): void {
  headersOfAll.set(event, headers);
}

/** Another form of errors than `application/problem+json`. */
export type ErrorEnvelope = (problem: Problem) => HttpAnswer;

export interface ErrorLog {
  error(message: string, details: Record<string, unknown>): void;
}

export type HttpHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** Answers are for their caller alone, and are never rendered. Routes that serve pages override these headers. */
const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
};

/**
 * The middy stack for HTTP. Every error of `serve` becomes an `application/problem+json`, or the error of the path's
 * envelope. Every answer carries X-Request-Id and the security headers. Only unexpected errors are logged; never
 * bodies, keys or header values.
 */
export function httpStack(
  serve: (event: APIGatewayProxyEventV2) => Promise<HttpAnswer>,
  log: ErrorLog,
  envelopeOf: (path: string) => ErrorEnvelope | undefined = () => undefined,
): HttpHandler {
  return middy<APIGatewayProxyEventV2, unknown, Error, Context>(serve).use({
    after: (request) => {
      request.response = toResult(request.event, request.response as HttpAnswer);
    },
    onError: (request) => {
      const problem = problemOf(request.error);
      if (problem.status === 500) logUnexpected(log, request.event, request.error);
      const envelope = envelopeOf(request.event.rawPath);
      const answer = envelope
        ? { ...(problem.headers && { headers: problem.headers }), ...envelope(problem) }
        : problemAnswer(problem, requestIdOf(request.event));
      request.response = toResult(request.event, answer);
    },
  }) as HttpHandler;
}

/** API Gateway's own id of the request, which its access log has too. */
export function requestIdOf(event: APIGatewayProxyEventV2): string {
  return event.requestContext.requestId;
}

function problemAnswer({ headers, ...problem }: Problem, requestId: string): HttpAnswer {
  return {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: { type: 'about:blank', ...problem, request_id: requestId },
  };
}

function toResult(event: APIGatewayProxyEventV2, answer: HttpAnswer): APIGatewayProxyStructuredResultV2 {
  const { status, headers = {}, cookies, body } = answer;
  const type = body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' };
  return {
    statusCode: status,
    headers: {
      ...SECURITY_HEADERS,
      ...type,
      ...headersOfAll.get(event),
      ...headers,
      'x-request-id': requestIdOf(event),
    },
    ...(cookies && { cookies: [...cookies] }),
    // HEAD is answered like GET, without the body.
    ...(body !== undefined && event.requestContext.http.method !== 'HEAD' && bodyOf(answer)),
  };
}

function bodyOf({ headers, body }: HttpAnswer): Pick<APIGatewayProxyStructuredResultV2, 'body' | 'isBase64Encoded'> {
  if (Buffer.isBuffer(body)) return { body: body.toString('base64'), isBase64Encoded: true };
  const isText = typeof body === 'string' && headers?.['content-type'] !== undefined;
  return { body: isText ? body : toJson(body) };
}

function logUnexpected(log: ErrorLog, event: APIGatewayProxyEventV2, error: Error | null | undefined): void {
  const { method, path } = event.requestContext.http;
  log.error('unexpected error', { request_id: requestIdOf(event), method, path, error });
}
