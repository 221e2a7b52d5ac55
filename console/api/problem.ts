/** What the API says is wrong (RFC 9457), as far as the console shows it. */
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
    /** How long the API asks to be left alone. */
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

/** Whatever was thrown, in words. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ApiProblem) return error.problem;
  if (error instanceof TypeError) return UNREACHABLE; // so does fetch() say that nobody answered
  return { title: 'The console stumbled', status: -1, detail: String(error) };
}

/** What a person can do about it. */
export function adviceFor({ status }: Problem): string | undefined {
  if (status === 403) return 'Your credential is not for this.';
  if (status === 404) return 'It may have been deleted, be older than the retention, or belong to another project.';
  if (status === 409) return 'It has changed meanwhile: look at its state, and try again.';
  if (status === 429) return 'Too many requests at once: wait a moment.';
  if (status >= 500) return 'Try again; if it stays, look for the request id in the logs.';
  return undefined;
}

/** What is wrong with the field at `pointer`, or with anything inside of it. */
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
