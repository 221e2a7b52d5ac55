/** What can be wrong with a request: one small class per kind. The API maps them to HTTP in one place. */

/** The object's status does not allow it. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

/** It is not there, or belongs to another project, which must look the same. */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
}

export interface Fault {
  /** JSON pointer into the body (`/target/url`), or the name of a query parameter or header. */
  readonly pointer: string;
  readonly message: string;
}

/** What was sent breaks the rules; names every fault at once. */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError';
  constructor(readonly faults: readonly Fault[]) {
    super(faults.map(({ pointer, message }) => `${pointer}: ${message}`).join('; '));
  }
}
