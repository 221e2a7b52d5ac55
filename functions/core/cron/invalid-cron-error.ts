/** The expression is not one of ours; the message is one sentence for whoever wrote it. */
export class InvalidCronError extends Error {
  override readonly name = 'InvalidCronError';
  constructor(
    /** `second`, `minute`, `hour`, `day of month`, `month`, `day of week`, or `expression` for the whole. */
    readonly field: string,
    /** Goes on where "The minute field" has begun. */
    reason: string,
  ) {
    super(`The ${field}${field === 'expression' ? '' : ' field'} ${reason}.`);
  }
}
