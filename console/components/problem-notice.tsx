import { adviceFor, otherFaults, type Problem, problemOf } from '../api/problem.js';
import './problem-notice.css';

interface ProblemNoticeProps {
  readonly problem?: Problem | undefined;
  /** A thrown value, in place of `problem`. */
  readonly error?: unknown;
  /** Pointers of fields that show their own faults. */
  readonly shown?: readonly string[];
}

/** A problem, the advice for it, and the request's id for a search of the logs; nothing without a problem. */
export function ProblemNotice({ problem: given, error, shown = [] }: ProblemNoticeProps) {
  const problem = given ?? (error === undefined ? undefined : problemOf(error));
  if (problem === undefined) return null;
  const advice = adviceFor(problem);
  return (
    <div class="problem" role="alert">
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path d="M8 2 14.5 13.5h-13zM8 6.5v3.2M8 11.2v.6" />
      </svg>
      <p>
        <strong>{problem.title}</strong>
        {problem.detail && <> {problem.detail}</>}
        {advice && <> {advice}</>}
      </p>
      {otherFaults(problem, shown).map(({ pointer, message }) => (
        <p key={pointer + message}>
          <code>{pointer}</code> {message}
        </p>
      ))}
      {problem.request_id && (
        <p class="small request-id">
          Request <code class="break">{problem.request_id}</code>
          <wa-copy-button value={problem.request_id} copy-label="Copy the request id" />
        </p>
      )}
    </div>
  );
}
