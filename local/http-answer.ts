import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | Buffer;
}

/** One of API Gateway's own answers. */
export function gatewayAnswer(status: number, message: string): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) };
}

/**
 * Response format 2.0: a result with a `statusCode` is the answer; any other result is the JSON body of a 200. A
 * malformed answer is API Gateway's own 500.
 */
export function answerOf(result: unknown): Answer {
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) return inferred(result);
  const { statusCode, headers = {}, cookies = [], body = '', isBase64Encoded = false } = result as ProxyResult;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599 || typeof body !== 'string') {
    return gatewayAnswer(500, 'Internal Server Error');
  }
  const lowerCased = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    status,
    headers: {
      ...(body && { 'content-type': 'text/plain;charset=UTF-8' }),
      ...Object.fromEntries(lowerCased),
      ...(cookies.length > 0 && { 'set-cookie': cookies }),
    },
    body: isBase64Encoded ? Buffer.from(body, 'base64') : body,
  };
}

interface ProxyResult {
  statusCode: unknown;
  headers?: Record<string, unknown>;
  cookies?: string[];
  body?: unknown;
  isBase64Encoded?: boolean;
}

function inferred(result: unknown): Answer {
  const body = typeof result === 'string' ? result : JSON.stringify(result);
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}

/** Writes the answer; an answer with invalid headers becomes a 500. A client that has gone away is no error. */
export function write(response: ServerResponse, answer: Answer): void {
  if (response.destroyed) return;
  try {
    writeValid(response, answer);
  } catch {
    writeValid(response, gatewayAnswer(500, 'Internal Server Error'));
  }
}

function writeValid(response: ServerResponse, { status, headers, body }: Answer): void {
  const hasBody = status >= 200 && status !== 204 && status !== 304;
  const length = hasBody ? { 'content-length': Buffer.byteLength(body) } : {};
  response.writeHead(status, { ...headers, ...length });
  response.end(hasBody ? body : undefined);
}
