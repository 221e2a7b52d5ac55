import {
  ApiError,
  ForbiddenError,
  NotFoundError,
  UnauthenticatedError,
  UnreachableError,
} from '../clients/typescript/punctual.js';

/** What a script can go by; docs/cli.md has the table. */
export const EXIT = { failed: 1, wrongUse: 2, credentials: 3, notFound: 4, noAnswer: 5, differs: 9 } as const;

/** A mistake of the user's, told as one line. */
export class CommandFault extends Error {
  override readonly name = 'CommandFault';
  constructor(
    message: string,
    readonly exitCode: number = EXIT.wrongUse,
  ) {
    super(message);
  }
}

/** What to print for an error, and the exit code. An error that nothing foresaw is not explained. */
export function explain(error: unknown): { readonly message: string; readonly exitCode: number } | undefined {
  if (error instanceof CommandFault) return error;
  if (error instanceof UnreachableError)
    return { message: `${error.message}. Check PUNCTUAL_URL, and that the service runs.`, exitCode: EXIT.noAnswer };
  if (!(error instanceof ApiError)) return undefined;
  if (error.code === 'no_problem_document' && error.status < 500)
    return {
      message: `The address answers ${error.status}, but not as Punctual's API does. Check PUNCTUAL_URL: it ends before /v1.`,
      exitCode: EXIT.noAnswer,
    };
  if (error instanceof UnauthenticatedError)
    return {
      message: `${oneLine(error)} A key is of one stage in one Region: check PUNCTUAL_URL, or run punctual login with a good key.`,
      exitCode: EXIT.credentials,
    };
  if (error.code === 'turned_off') return { message: oneLine(error), exitCode: EXIT.failed };
  if (error instanceof ForbiddenError)
    return { message: `${oneLine(error)} Use a key that has this permission.`, exitCode: EXIT.credentials };
  if (error instanceof NotFoundError)
    return {
      message: `${oneLine(error)} It may be deleted, expired, or of another project: punctual login --show says which API you use.`,
      exitCode: EXIT.notFound,
    };
  if (error.status === 429 || error.status >= 500)
    return { message: `${oneLine(error)} Try again later (request ${error.requestId}).`, exitCode: EXIT.noAnswer };
  return { message: oneLine(error), exitCode: EXIT.failed };
}

/** Every fault of the request, behind each other. */
function oneLine(error: ApiError): string {
  if (error.faults.length === 0) return error.message;
  return error.faults.map(({ pointer, message }) => `${pointer.replace(/^\//, '')}: ${message}`).join(' ');
}
