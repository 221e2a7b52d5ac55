/** What can be wrong with a request as HTTP: one small class per kind; `problem.ts` gives each its status. */

/** No credential, more than one, or one that is not (or no longer) good. */
export class UnauthenticatedError extends Error {
  override readonly name = 'UnauthenticatedError';
}

/** The credential is good, but not for this. */
export class ForbiddenError extends Error {
  override readonly name = 'ForbiddenError';
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

/** Somebody is at it right now; ask again in `retryAfterSeconds` (1 or more). */
export class StillRunningError extends Error {
  override readonly name = 'StillRunningError';
  constructor(
    message: string,
    readonly retryAfterSeconds: number,
  ) {
    super(message);
  }
}
