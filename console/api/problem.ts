/** The fields of the API's problem (RFC 9457) that the console shows. */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly detail?: string | undefined;
  readonly request_id?: string | undefined;
  readonly errors?: readonly FieldFault[] | undefined;
}

export interface FieldFault {
  /** JSON pointer into the body, or the name of a query parameter. */
  readonly pointer: string;
  readonly message: string;
}

/** The API refused a request, or could not be reached (`status` 0). */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  constructor(
    readonly problem: Problem,
    /** Seconds of the answer's Retry-After. */
    readonly retryAfterSeconds?: number,
  ) {
    super(problem.detail ?? problem.title);
  }
}

const UNREACHABLE: Problem = {
  title: 'The API cannot be reached',
  status: 0,
  detail: 'Check your connection, or whether the stack still runs. This page tries again by itself.',
};

/** The problem of any thrown value. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ApiProblem) return error.problem;
  if (error instanceof TypeError) return UNREACHABLE; // fetch() throws a TypeError when there was no answer
  return { title: 'The console stumbled', status: -1, detail: String(error) };
}

/** Advice for the user. */
export function adviceFor({ status }: Problem): string | undefined {
  if (status === 403) return 'Your credential is not for this.';
  if (status === 404) return 'It may have been deleted, be older than the retention, or belong to another project.';
  if (status === 409) return 'It has changed meanwhile: look at its state, and try again.';
  if (status === 429) return 'Too many requests at once: wait a moment.';
  if (status >= 500) return 'Try again; if it stays, look for the request id in the logs.';
  return undefined;
}

/** The fault of the field at `pointer`, or of a value inside that field. */
export function faultAt(problem: Problem | undefined, pointer: string): string | undefined {
  return (
    problem?.errors
      ?.filter((fault) => isWithin(fault, pointer))
      .map(({ message }) => message)
      .join(' ') || undefined
  );
}

/** The faults that no field of `pointers` shows. */
export function otherFaults(problem: Problem, pointers: readonly string[]): readonly FieldFault[] {
  return (problem.errors ?? []).filter((fault) => !pointers.some((pointer) => isWithin(fault, pointer)));
}

const isWithin = (fault: FieldFault, pointer: string): boolean =>
  fault.pointer === pointer || fault.pointer.startsWith(`${pointer}/`);
