import { givenPayload } from '../../fields/payload-schema.js';
import { isoTime } from '../../primitives/moments.js';
import { presentAttempt } from '../task-runs/present-task-run.js';
import type { DeadLetter } from './dead-letter.js';
import type { ShownDeadLetter } from './dead-letter-answers.js';

/** A dead letter as lists show it: without the payload. `isDeleted`: its endpoint is deleted now. */
export function presentDeadLetter(letter: DeadLetter, isDeleted: boolean): ShownDeadLetter {
  return {
    id: letter.id,
    project_id: letter.project_id,
    task_id: letter.run.id,
    name: letter.run.title ?? null,
    endpoint_id: letter.run.endpoint_id ?? null,
    endpoint_deleted: isDeleted,
    reason: letter.reason,
    status: letter.status,
    attempt_count: letter.attempt,
    last_attempt: letter.last_attempt ? presentAttempt(letter.last_attempt) : null,
    created_at: isoTime(letter.created_at),
    note: letter.note ?? null,
  };
}

export function presentWholeDeadLetter(letter: DeadLetter, isDeleted: boolean) {
  return { ...presentDeadLetter(letter, isDeleted), payload: givenPayload(letter.run.payload) };
}
