import type { FailureCause } from './failed-message.js';

/** A message or a row in a format that this release cannot read. A later release may have written it. */
export class UnknownFormatError extends Error {
  override readonly name = 'UnknownFormatError';
}

/** A message whose body is no JSON. It must not be quoted in a log. */
export class JunkMessageError extends Error {
  override readonly name = 'JunkMessageError';
  constructor() {
    super('the message is not JSON');
  }
}

/** An AWS service has not done what it was asked for, and said so in an answer without an error of the SDK. */
export class PlatformError extends Error {
  override readonly name: string = 'PlatformError';
}

/** AWS refused the request itself: sent again, it would be refused again. */
const OUR_REQUEST = /^(Validation|InvalidParameter|Serialization|ItemCollectionSizeLimitExceeded)/;

/**
 * Whose failure it is. The SDK's errors carry `$metadata`, those of Node's network a `code` such as `ECONNRESET`, and a
 * timeout of the SDK has the name `TimeoutError`. An error that wraps another one is judged by its cause.
 */
export function causeOf(error: unknown): FailureCause {
  if (error instanceof UnknownFormatError) return 'unknown';
  if (error instanceof JunkMessageError) return 'junk';
  if (error instanceof PlatformError) return 'platform';
  if (!(error instanceof Error)) return 'own';
  if ('$metadata' in error) return OUR_REQUEST.test(error.name) ? 'own' : 'platform';
  const { code } = error as { readonly code?: unknown };
  const isNetwork = typeof code === 'string' && /^E(?!RR_)[A-Z]+$/.test(code);
  if (isNetwork || error.name === 'TimeoutError') return 'platform';
  return error.cause === undefined ? 'own' : causeOf(error.cause);
}
