import { adviceFor, otherFaults, type Problem, problemOf } from '../api/problem.js';
import './problem-notice.css';

interface ProblemNoticeProps {
  readonly problem?: Problem | undefined;
  /** In place of `problem`: whatever was thrown. */
  readonly error?: unknown;
  /** Pointers of the fields that show their faults themselves. */
  readonly shown?: readonly string[];
}

/** What is wrong and what to do about it, with the request's id for whoever reads the logs; nothing, if nothing is. */
export function ProblemNotice({ problem: given, error, shown = [] }: ProblemNoticeProps) {
  const problem = given ?? (error === undefined ? undefined : problemOf(error));
  if (problem === undefined) return null;
  const advice = adviceFor(problem);
  return (
    <div class="problem" role="alert">
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
