import type { HttpDestination } from '../../../destinations/http/http.js';
import { givenPayload } from '../../../fields/payload-schema.js';
import { uuidOf } from '../../../primitives/ids.js';
import { isoTime } from '../../../primitives/moments.js';
import type { Project } from '../../../subjects/projects/project.js';
import type { Attempt, RunState } from '../../../subjects/task-runs/task-run.js';
import type { ListedRun } from '../../../subjects/task-runs/task-run-lists.js';
import { oneMessage } from '../../http/dialect.js';
import { CHALLENGE, type Problem } from '../../http/problem.js';
import type { RouteAnswer } from '../../http/route.js';
import { STATUSES } from './job-schema.js';

type Run = Pick<ListedRun, 'definition' | 'state'>;

/** A job in the answer of its creation. `taskOf` gives every job an HTTP target. */
export function presentJob({ definition, state }: Run) {
  const { id, project_id, title, target, payload, due, created_at } = definition;
  return {
    id: uuidOf(id),
    projectId: uuidOf(project_id),
    title,
    webhookUrl: (target as HttpDestination | undefined)?.url,
    payload: givenPayload(payload),
    fireAt: isoTime(due),
    status: STATUSES[state.status],
    retryCount: retryCount(state),
    createdAt: isoTime(created_at),
    updatedAt: isoTime(state.finished_at ?? state.first_attempt?.finished_at ?? created_at),
  };
}

/** A row of a list: without its payload, which could make the page too large. */
export function presentRow(run: Run, project: Project) {
  const { id, title, webhookUrl, fireAt, status, retryCount } = presentJob(run);
  return { id, title, webhookUrl, fireAt, status, retryCount, project: presentProject(project) };
}

/** A single job with its history, newest first. */
export function presentWholeJob(run: Run, project: Project, attempts: readonly Attempt[]) {
  return { ...presentJob(run), project: presentProject(project), logs: attempts.map(presentLog).reverse() };
}

function presentProject({ id, name }: Project) {
  return { id: uuidOf(id), name };
}

function presentLog(attempt: Attempt) {
  return {
    id: uuidOf(attempt.id),
    attempt: attempt.attempt,
    status: attempt.status === 'success' ? 'SUCCESS' : 'FAILED',
    responseCode: attempt.http_status,
    // The error's message, if there was no answer.
    responseBody: attempt.http_status === null ? (attempt.error?.message ?? null) : attempt.response_body,
    firedAt: isoTime(attempt.started_at),
    durationMs: attempt.finished_at - attempt.started_at,
  };
}

/** Failed attempts that got a retry: all before the last attempt, and the last attempt too while its retry waits. */
function retryCount({ status, attempt }: RunState): number {
  return status === 'retry_scheduled' ? attempt : Math.max(0, attempt - 1);
}

export function ok(message: string, data: unknown, status: RouteAnswer['status'] = 200): RouteAnswer {
  return { status, body: { status: true, message, data } };
}

/** This dialect has one status for refused requests, and one for refused credentials. */
const ERROR_STATUSES: Readonly<Record<string, number>> = { conflict: 400, forbidden: 401 };

export function dispatchError(problem: Problem) {
  const status = ERROR_STATUSES[problem.code] ?? problem.status;
  const body = { status: false, message: oneMessage(problem, 'dispatch'), data: null };
  return { status, body, ...(status === 401 && { headers: CHALLENGE }) };
}
