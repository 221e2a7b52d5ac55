import { ConflictError, type Fault, InvalidRequestError, NotFoundError } from '../../primitives/faults.js';
import type { Via } from '../../primitives/loops.js';
import { ProviderSilentError, SignInRefusedError } from '../../subjects/sessions/identity.js';

// The faults of a request as HTTP: one class for each kind. `KINDS` gives each class its status.

/** No credential, several credentials, or a credential that is not (or no longer) good. */
export class UnauthenticatedError extends Error {
  override readonly name = 'UnauthenticatedError';
}

/** The credential is good, but not for this route. */
export class ForbiddenError extends Error {
  override readonly name = 'ForbiddenError';
}

/** The stage's settings do not have it. */
export class TurnedOffError extends Error {
  override readonly name = 'TurnedOffError';
}

export class MethodNotAllowedError extends Error {
  override readonly name = 'MethodNotAllowedError';
  constructor(readonly allowed: readonly string[]) {
    super(`This path takes ${allowed.join(', ')}.`);
  }
}

export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
}

export class UnsupportedMediaTypeError extends Error {
  override readonly name = 'UnsupportedMediaTypeError';
}

/** The Idempotency-Key was used for another request. */
export class KeyReusedError extends Error {
  override readonly name = 'KeyReusedError';
}

/** The same request may be taken in `retryAfterSeconds` (1 or more). */
abstract class RetryLaterError extends Error {
  constructor(
    message: string,
    readonly retryAfterSeconds: number,
  ) {
    super(message);
  }
}

/** The first request under the Idempotency-Key is still running. */
export class StillRunningError extends RetryLaterError {
  override readonly name = 'StillRunningError';
}

/** Too many sign-ins failed. */
export class TooManyError extends RetryLaterError {
  override readonly name = 'TooManyError';
}

/** The project has used up a quota of a window; `resetSeconds` (1 or more) until the next window. */
export class RateQuotaError extends Error {
  override readonly name = 'RateQuotaError';
  constructor(
    readonly quota: string,
    readonly limit: number,
    readonly resetSeconds: number,
    readonly windowSeconds: number,
  ) {
    super(`The project has used up its quota ${quota}, which is ${limit}. It begins anew in ${resetSeconds} seconds.`);
  }
}

/** The project does as much at the same time as it may. */
export class BusyQuotaError extends RetryLaterError {
  override readonly name = 'BusyQuotaError';
  constructor(
    readonly quota: string,
    message: string,
    retryAfterSeconds: number,
  ) {
    super(message, retryAfterSeconds);
  }
}

/** The project has as many objects as it may have. */
export class CountQuotaError extends Error {
  override readonly name = 'CountQuotaError';
  constructor(
    readonly quota: string,
    message: string,
  ) {
    super(message);
  }
}

/** Calls of ours led to the request, one after the other: so they would lead to the next. */
export class LoopError extends Error {
  override readonly name = 'LoopError';
  constructor(via: Via) {
    const chain = via.map((digits) => `run_${digits}`).join(', ');
    super(
      `This request comes from a task run that came from a task run, and so on: ${chain}. ` +
        'Let the endpoint of one of them not call this API, or listen to fewer events.',
    );
  }
}

/** An error as a problem of RFC 9457, and the headers of its status. */
export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly Fault[];
  /** The name of the quota that is used up. */
  readonly quota?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

type ErrorClass = abstract new (...args: never[]) => Error;

const KINDS: readonly (readonly [ErrorClass, number, string, string])[] = [
  [InvalidRequestError, 400, 'invalid_request', 'Bad Request'],
  [UnauthenticatedError, 401, 'unauthenticated', 'Unauthorized'],
  [ForbiddenError, 403, 'forbidden', 'Forbidden'],
  [TurnedOffError, 403, 'turned_off', 'Forbidden'],
  [SignInRefusedError, 403, 'sign_in_refused', 'Forbidden'],
  [NotFoundError, 404, 'not_found', 'Not Found'],
  [MethodNotAllowedError, 405, 'method_not_allowed', 'Method Not Allowed'],
  [ConflictError, 409, 'conflict', 'Conflict'],
  [StillRunningError, 409, 'still_running', 'Conflict'],
  [CountQuotaError, 409, 'quota_exceeded', 'Conflict'],
  [BodyTooLargeError, 413, 'too_large', 'Content Too Large'],
  [UnsupportedMediaTypeError, 415, 'unsupported_media_type', 'Unsupported Media Type'],
  [KeyReusedError, 422, 'idempotency_key_reused', 'Unprocessable Content'],
  [TooManyError, 429, 'too_many_requests', 'Too Many Requests'],
  [ProviderSilentError, 502, 'provider_silent', 'Bad Gateway'],
  [RateQuotaError, 429, 'quota_exceeded', 'Too Many Requests'],
  [BusyQuotaError, 429, 'quota_exceeded', 'Too Many Requests'],
  [LoopError, 508, 'loop_detected', 'Loop Detected'],
];

/** The part of an error that the caller may know; an unexpected error shows nothing. */
export function problemOf(error: unknown): Problem {
  const kind = KINDS.find(([errorClass]) => error instanceof errorClass);
  if (kind === undefined) return INTERNAL;
  const [, status, code, title] = kind;
  const { message } = error as Error;
  if (!(error instanceof InvalidRequestError))
    return { status, title, code, detail: message, ...quotaIn(error), headers: headersOf(error) };
  return { status, title, code, detail: 'The request breaks the rules; see errors.', errors: error.faults };
}

function quotaIn(error: unknown): Pick<Problem, 'quota'> {
  const { quota } = error as { quota?: string };
  return quota === undefined ? {} : { quota };
}

const INTERNAL: Problem = {
  status: 500,
  title: 'Internal Server Error',
  code: 'internal_error',
  detail: 'Something went wrong on our side. Try again later; the request id helps to find out what.',
};

/** Headers of every 401. */
export const CHALLENGE = { 'www-authenticate': 'Bearer realm="punctual", ApiKey realm="punctual"' };

function headersOf(error: unknown): Record<string, string> {
  if (error instanceof UnauthenticatedError) return CHALLENGE;
  if (error instanceof MethodNotAllowedError) return { allow: error.allowed.join(', ') };
  if (error instanceof RetryLaterError) return { 'retry-after': String(error.retryAfterSeconds) };
  if (error instanceof RateQuotaError)
    return { 'retry-after': String(error.resetSeconds), ...rateLimitFields({ ...error, left: 0 }) };
  return {};
}

/** The fields of draft-ietf-httpapi-ratelimit-headers (since its version 08); without `left`, the policy alone. */
export function rateLimitFields({
  quota,
  limit,
  left,
  resetSeconds,
  windowSeconds,
}: Pick<RateQuotaError, 'quota' | 'limit' | 'resetSeconds' | 'windowSeconds'> & {
  readonly left: number | undefined;
}): Record<string, string> {
  return {
    'ratelimit-policy': `"${quota}";q=${limit};w=${windowSeconds}`,
    ...(left !== undefined && { ratelimit: `"${quota}";r=${left};t=${resetSeconds}` }),
  };
}
