import { ConflictError, type Fault, InvalidRequestError, NotFoundError } from '../core/faults.js';
import {
  BodyTooLargeError,
  ForbiddenError,
  KeyReusedError,
  MethodNotAllowedError,
  StillRunningError,
  UnauthenticatedError,
  UnsupportedMediaTypeError,
} from './http-faults.js';

/** An error as RFC 9457 has it, and the headers that belong to its status. */
export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly Fault[];
  readonly headers?: Readonly<Record<string, string>>;
}

type ErrorClass = abstract new (...args: never[]) => Error;

const KINDS: readonly (readonly [ErrorClass, number, string, string])[] = [
  [InvalidRequestError, 400, 'invalid_request', 'Bad Request'],
  [UnauthenticatedError, 401, 'unauthenticated', 'Unauthorized'],
  [ForbiddenError, 403, 'forbidden', 'Forbidden'],
  [NotFoundError, 404, 'not_found', 'Not Found'],
  [MethodNotAllowedError, 405, 'method_not_allowed', 'Method Not Allowed'],
  [ConflictError, 409, 'conflict', 'Conflict'],
  [StillRunningError, 409, 'still_running', 'Conflict'],
  [BodyTooLargeError, 413, 'too_large', 'Content Too Large'],
  [UnsupportedMediaTypeError, 415, 'unsupported_media_type', 'Unsupported Media Type'],
  [KeyReusedError, 422, 'idempotency_key_reused', 'Unprocessable Content'],
];

/** What the caller may know of an error; of one that is none of ours, nothing. */
export function problemOf(error: unknown): Problem {
  const kind = KINDS.find(([errorClass]) => error instanceof errorClass);
  if (kind === undefined) return INTERNAL;
  const [, status, code, title] = kind;
  const { message } = error as Error;
  if (!(error instanceof InvalidRequestError))
    return { status, title, code, detail: message, headers: headersOf(error) };
  return { status, title, code, detail: 'The request breaks the rules; see errors.', errors: error.faults };
}

const INTERNAL: Problem = {
  status: 500,
  title: 'Internal Server Error',
  code: 'internal_error',
  detail: 'Something went wrong on our side. Try again later; the request id helps to find out what.',
};

/** What every 401 says. */
export const CHALLENGE = { 'www-authenticate': 'Bearer realm="punctual", ApiKey realm="punctual"' };

function headersOf(error: unknown): Record<string, string> {
  if (error instanceof UnauthenticatedError) return CHALLENGE;
  if (error instanceof MethodNotAllowedError) return { allow: error.allowed.join(', ') };
  if (error instanceof StillRunningError) return { 'retry-after': String(error.retryAfterSeconds) };
  return {};
}
