/** An error answer of the API: the AWS name, the HTTP status and the message. */
export class SchedulerError extends Error {
  constructor(
    override readonly name: string,
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export const validationError = (message: string) => new SchedulerError('ValidationException', 400, message);

export const alreadyExists = (what: 'Schedule', name: string) =>
  new SchedulerError('ConflictException', 409, `${what} ${name} already exists.`);

export const doesNotExist = (what: 'Schedule' | 'Schedule group', name: string) =>
  new SchedulerError('ResourceNotFoundException', 404, `${what} ${name} does not exist.`);
