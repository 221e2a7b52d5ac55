import type { components } from './schema.js';

/** The body of an error answer, `application/problem+json`. */
export type Problem = components['schemas']['Problem'];
/** What is wrong at one place of a request: a JSON pointer into the body, or the name of a parameter or header. */
export type Fault = components['schemas']['Fault'];

/** Every error that a call of the API ends with, but an abort by the caller's own signal. */
export class PunctualError extends Error {
  override readonly name: string = 'PunctualError';
}

/** No answer came: the address is wrong, the network is down, or the time was up. `cause` says which. */
export class UnreachableError extends PunctualError {
  override readonly name = 'UnreachableError';
}

/** The API refused the request. */
export class ApiError extends PunctualError {
  override readonly name: string = 'ApiError';
  constructor(
    readonly problem: Problem,
    /** Seconds of the answer's Retry-After. */
    readonly retryAfterSeconds?: number,
  ) {
    super(
      [problem.detail, ...(problem.errors ?? []).map(({ pointer, message }) => `${pointer}: ${message}`)].join('\n'),
    );
  }

  get status(): number {
    return this.problem.status;
  }

  /** A word for programs: `not_found`, `quota_exceeded`, … */
  get code(): string {
    return this.problem.code;
  }

  /** All faults of the request at once; empty when the error is not about a field. */
  get faults(): readonly Fault[] {
    return this.problem.errors ?? [];
  }

  /** Finds the request in the logs of the stage. */
  get requestId(): string {
    return this.problem.request_id;
  }
}

/** 400, 413, 415, 422: the request is wrong, and would be wrong again. */
export class InvalidRequestError extends ApiError {
  override readonly name = 'InvalidRequestError';
}

/** 401: no key, or a key that is not (or no longer) good. */
export class UnauthenticatedError extends ApiError {
  override readonly name = 'UnauthenticatedError';
}

/** 403: the key is good, but not for this operation. */
export class ForbiddenError extends ApiError {
  override readonly name = 'ForbiddenError';
}

/** 404: deleted, older than the retention, of another project, or never there. */
export class NotFoundError extends ApiError {
  override readonly name = 'NotFoundError';
}

/** 409: the object's state does not allow it, or a quota of objects is used up. */
export class ConflictError extends ApiError {
  override readonly name = 'ConflictError';
}

/** 429: a quota of requests or of runs is used up until `retryAfterSeconds`. */
export class TooManyRequestsError extends ApiError {
  override readonly name = 'TooManyRequestsError';
}

const CLASSES: Readonly<Record<number, typeof ApiError>> = {
  400: InvalidRequestError,
  401: UnauthenticatedError,
  403: ForbiddenError,
  404: NotFoundError,
  409: ConflictError,
  413: InvalidRequestError,
  415: InvalidRequestError,
  422: InvalidRequestError,
  429: TooManyRequestsError,
};

/** The error of an answer that is no success. What stands before the API (a gateway, a proxy) answers in words of its own. */
export function apiError({ status, statusText, headers }: Response, text: string): ApiError {
  const wait = Number(headers.get('retry-after') ?? Number.NaN);
  const retryAfterSeconds = Number.isNaN(wait) ? undefined : wait;
  const problem = problemIn(text) ?? {
    type: 'about:blank',
    status,
    title: statusText,
    code: 'no_problem_document',
    detail: `The server answered ${status} ${statusText}, and not in the way of Punctual's API: ${text.slice(0, 200)}`,
    request_id: headers.get('x-request-id') ?? '',
  };
  return new (CLASSES[status] ?? ApiError)(problem, retryAfterSeconds);
}

function problemIn(text: string): Problem | undefined {
  try {
    const read = JSON.parse(text);
    return typeof read?.detail === 'string' && typeof read.code === 'string' ? read : undefined;
  } catch {
    return undefined;
  }
}
