import { ConflictError } from '../../primitives/faults.js';
import { mapBounded } from '../../primitives/map-bounded.js';
import type { BulkJob, BulkStore, DeadLetter, DeadLetterLists } from '../../subjects/dead-letters/dead-letter.js';
import { putBackPage } from '../messages/put-back-page.js';
import type { RunPorts } from '../rules/ports.js';
import type { BulkToken } from '../rules/token.js';
import { replayDeadLetter } from './run-operations.js';

export interface BulkPorts extends RunPorts {
  readonly bulkJobs: BulkStore;
  readonly deadLetterLists: DeadLetterLists;
}

/** A page of replays, each of five calls to AWS, takes a few seconds of the dispatcher's minute. */
const PAGE_SIZE = 50;
/** Between two pages: a bulk replay of any size adds at most about fifty runs a second to the other runs. */
const PAGE_PAUSE_SECONDS = 1;
const AT_ONCE = 10;

/**
 * Begins a bulk replay: the token first, then the job. In the other order, a process that dies in between leaves a job
 * without a message. A repeat with the same job sends another token; a token that finds its page done does nothing.
 */
export async function beginBulkReplay(
  ports: Pick<BulkPorts, 'bulkJobs' | 'clock' | 'wakeUps'>,
  job: BulkJob,
): Promise<void> {
  await ports.wakeUps.sendToDispatcher(bulkToken(job, '', ports.clock.now()));
  await ports.bulkJobs.create(job);
}

/** A page is done within seconds. After this time without one, the job no longer counts among those that run. */
const STALLED_AFTER_MS = 60 * 60_000;

export function isStalled({ updated_at, created_at }: BulkJob, now: number): boolean {
  return now - (updated_at ?? created_at) > STALLED_AFTER_MS;
}

/** Sends the lost token of a page again. */
export async function resumeBulkReplay({ wakeUps, clock }: Pick<RunPorts, 'clock' | 'wakeUps'>, job: BulkJob) {
  await wakeUps.sendToDispatcher(bulkToken(job, job.cursor, clock.now()));
}

/**
 * Handles the page of a bulk replay that the token names: replays its dead letters, sends the next page's token, and
 * *then* moves the job on. If the worker dies, the message comes again and the page is repeated: a dead letter that
 * this job has marked is replayed again, which is idempotent. The pages go over all matches, not only the open dead
 * letters, which would become fewer under the cursor.
 */
export async function performBulkPage(ports: BulkPorts, token: BulkToken, keepMs: number): Promise<void> {
  const job = await ports.bulkJobs.find(token.project, token.job);
  if (job === undefined || isAhead(token, job)) return putBackPage(ports, token);
  if (job.status === 'completed' || token.cursor !== job.cursor) return;

  const project = await ports.config.project(job.project_id);
  const page = project
    ? await ports.deadLetterLists.list([project], matchesOf(job), job.cursor || undefined, PAGE_SIZE)
    : { rows: [] };
  const marked = await mapBounded(page.rows, AT_ONCE, (letter) => replay(ports, job, letter, keepMs));
  const replayed = job.replayed + marked.filter(Boolean).length;

  if (page.end === undefined) {
    await ports.bulkJobs.advance(job, { ...job, replayed, status: 'completed' });
    return;
  }
  await ports.wakeUps.sendToDispatcher(bulkToken(job, page.end, ports.clock.now()), PAGE_PAUSE_SECONDS);
  await ports.bulkJobs.advance(job, { ...job, replayed, cursor: page.end, updated_at: ports.clock.now() });
}

/** The page before has sent this token but not moved the job on. Cursors are ids, newest first; '' is the start. */
function isAhead(token: BulkToken, job: BulkJob): boolean {
  return token.cursor !== '' && (job.cursor === '' || token.cursor < job.cursor);
}

/** Whether this job has replayed the dead letter, now or in an earlier try of the page. */
async function replay(ports: BulkPorts, job: BulkJob, letter: DeadLetter, keepMs: number): Promise<boolean> {
  if (letter.status !== 'open' && letter.bulk_id !== job.id) return false;
  try {
    await replayDeadLetter(ports, letter, keepMs, job.id);
    return true;
  } catch (error) {
    if (error instanceof ConflictError) return false; // resolved, or replayed otherwise, since the page was read
    throw error;
  }
}

function matchesOf({ endpoint_id, reason, since, until }: BulkJob) {
  return { endpoint_id, reason, since, until };
}

function bulkToken(job: BulkJob, cursor: string, now: number): BulkToken {
  return { kind: 'bulk', project: job.project_id, job: job.id, cursor, sent_at: now, hop: 0 };
}
