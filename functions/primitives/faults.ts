/** A class for each kind of fault of a request. The API maps them to HTTP in one place. */

/** The object's status does not allow the request. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

/** The object does not exist, or belongs to another project: the two must look the same. */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
}

export interface Fault {
  /** JSON pointer into the body (`/target/url`), or the name of a query parameter or header. */
  readonly pointer: string;
  readonly message: string;
}

/** The request breaks the rules; names every fault at once. */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError';
  constructor(readonly faults: readonly Fault[]) {
    super(faults.map(({ pointer, message }) => `${pointer}: ${message}`).join('; '));
  }
}

/** A request with one fault. */
export function invalid(pointer: string, message: string): InvalidRequestError {
  return new InvalidRequestError([{ pointer, message }]);
}

/** @throws InvalidRequestError naming every fault that was found */
export function assertNone(found: readonly (Fault | false)[]): void {
  const faults = found.filter((fault) => fault !== false);
  if (faults.length > 0) throw new InvalidRequestError(faults);
}
