import { ConflictError } from '../../primitives/faults.js';
import { siblingId } from '../../primitives/ids.js';
import { mapBounded } from '../../primitives/map-bounded.js';
import type { Page } from '../../primitives/newest-first.js';
import type { BulkJob, BulkStore } from '../../subjects/bulk-jobs/bulk-job.js';
import type { DeadLetter, DeadLetterLists } from '../../subjects/dead-letters/dead-letter.js';
import type { Project } from '../../subjects/projects/project.js';
import { isFinal } from '../../subjects/task-runs/task-run.js';
import type { ListedRun, RunLists } from '../../subjects/task-runs/task-run-lists.js';
import { putBackPage } from '../messages/put-back-page.js';
import type { RunPorts } from '../rules/ports.js';
import type { BulkToken } from '../rules/token.js';
import { cancelRun, hasRoom, replayDeadLetter } from './run-operations.js';

export interface BulkPorts extends RunPorts {
  readonly bulkJobs: BulkStore;
  readonly deadLetterLists: DeadLetterLists;
  readonly runLists: Pick<RunLists, 'byIds' | 'runs'>;
}

/** A page, of which each row needs five calls to AWS, takes a few seconds of the dispatcher's minute. */
const PAGE_SIZE = 50;
/** Between two pages: a bulk replay of any size adds at most about fifty runs a second to the other runs. */
const PAGE_PAUSE_SECONDS = 1;
const AT_ONCE = 10;
/** Before the next page, if the project may have no more runs. */
const FULL_PAUSE_SECONDS = 60;

/**
 * Begins a bulk job: the token first, then the job. In the other order, a process that dies in between leaves a job
 * without a message. A repeat with the same job sends another token; a token that finds its page done does nothing.
 */
export async function beginBulkJob(
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
export async function resumeBulkJob({ wakeUps, clock }: Pick<RunPorts, 'clock' | 'wakeUps'>, job: BulkJob) {
  await wakeUps.sendToDispatcher(bulkToken(job, job.cursor, clock.now()));
}

/**
 * Handles the page of a bulk job that the token names: works on its matches, sends the next page's token, and *then*
 * moves the job on. If the worker dies, the message comes again and the page is repeated: what this job has done before
 * is done again, which is idempotent, and counted. So the pages go over all matches, not only those that are still to
 * be done, which would become fewer under the cursor. A replay counts as a run that is made: where the
 * project's quotas have no room, the page ends, and the next one waits.
 */
export async function performBulkPage(ports: BulkPorts, token: BulkToken): Promise<void> {
  const job = await ports.bulkJobs.find(token.project, token.job);
  if (job === undefined || isAhead(token, job)) return putBackPage(ports, token);
  if (job.status === 'completed' || token.cursor !== job.cursor) return;

  const project = await ports.config.project(job.project_id);
  const page: Page<Match> = project ? await pageOf(ports, project, job, job.cursor || undefined) : { rows: [] };
  const worked = await mapBounded(page.rows, AT_ONCE, (match) => work(ports, job, match));
  const full = worked.indexOf('full');
  const isFull = full >= 0;
  const done = job.done + (isFull ? worked.slice(0, full) : worked).filter(Boolean).length;
  const cursor = isFull ? (page.rows[full - 1]?.id ?? job.cursor) : page.end;

  if (cursor === undefined) {
    await ports.bulkJobs.advance(job, { ...job, done, status: 'completed' });
    return;
  }
  const pause = isFull ? FULL_PAUSE_SECONDS : PAGE_PAUSE_SECONDS;
  await ports.wakeUps.sendToDispatcher(bulkToken(job, cursor, ports.clock.now()), pause);
  await ports.bulkJobs.advance(job, { ...job, done, cursor, updated_at: ports.clock.now() });
}

/** Pages that a count looks through: it is part of a request. */
const COUNTED_PAGES = 20;

/** How many the job would work on, as far as a request can count them. */
export async function countMatches(
  ports: Pick<BulkPorts, 'deadLetterLists' | 'deadLetters' | 'runLists'>,
  project: Project,
  job: BulkJob,
): Promise<{ readonly count: number; readonly is_complete: boolean }> {
  let count = 0;
  let before: string | undefined;
  for (let pages = 0; pages < COUNTED_PAGES; pages += 1) {
    const { rows, end } = await pageOf(ports, project, job, before);
    count += rows.filter(isToDo).length;
    if (end === undefined) return { count, is_complete: true };
    before = end;
  }
  return { count, is_complete: false };
}

/** A dead letter, or a task run to be cancelled. */
type Match = DeadLetter | ListedRun;

const isRun = (match: Match): match is ListedRun => 'definition' in match;

function isToDo(match: Match): boolean {
  return isRun(match) ? !isFinal(match.state.status) : match.status === 'open';
}

/** Newest first. Ids of which nothing is there are left out. */
async function pageOf(
  ports: Pick<BulkPorts, 'deadLetterLists' | 'deadLetters' | 'runLists'>,
  project: Project,
  job: BulkJob,
  before: string | undefined,
): Promise<Page<Match>> {
  const { endpoint_id, reason, since, until, schedule_id, event_id, event_key, label } = job;
  if (job.ids) return pageOfIds(ports, project, job.ids, job, before);
  if (job.action !== 'cancel')
    return ports.deadLetterLists.list([project], { endpoint_id, reason, since, until }, before, PAGE_SIZE);
  const filter = { endpoint_id, schedule_id, event_id, event_key, label, since, until, open_since: job.created_at };
  return ports.runLists.runs([project], filter, before, PAGE_SIZE);
}

async function pageOfIds(
  { deadLetters, runLists }: Pick<BulkPorts, 'deadLetters' | 'runLists'>,
  project: Project,
  ids: readonly string[],
  { action, until }: BulkJob,
  before: string | undefined,
): Promise<Page<Match>> {
  const rest = [...new Set(ids)]
    .sort()
    .reverse()
    .filter((id) => before === undefined || id < before);
  const some = rest.slice(0, PAGE_SIZE);
  const end = rest.length > PAGE_SIZE ? { end: some.at(-1)! } : {};
  if (action === 'cancel') return { rows: await runLists.byIds(project.id, some), ...end };
  const letters = await mapBounded(some, AT_ONCE, (id) =>
    deadLetters.find({ project: project.id, run: siblingId('run', id) }),
  );
  return { rows: letters.flatMap((letter) => (letter && letter.created_at <= until ? letter : [])), ...end };
}

/** The page before has sent this token but not moved the job on. Cursors are ids, newest first; '' is the start. */
function isAhead(token: BulkToken, job: BulkJob): boolean {
  return token.cursor !== '' && (job.cursor === '' || token.cursor < job.cursor);
}

/** Whether this job has done its work on the match, now or in an earlier try of the page; or the project is full. */
async function work(ports: BulkPorts, job: BulkJob, match: Match): Promise<boolean | 'full'> {
  try {
    if (isRun(match)) return await cancel(ports, job, match);
    return await (job.action === 'resolve' ? resolve(ports, job, match) : replay(ports, job, match));
  } catch (error) {
    if (error instanceof ConflictError) return false; // it has ended otherwise since the page was read
    throw error;
  }
}

async function replay(ports: BulkPorts, job: BulkJob, letter: DeadLetter): Promise<boolean | 'full'> {
  if (letter.status !== 'open' && letter.bulk_id !== job.id) return false;
  if (letter.status === 'open' && !(await hasRoom(ports, letter))) return 'full';
  await replayDeadLetter(ports, letter, job.id);
  return true;
}

async function resolve(
  { clock, deadLetters }: BulkPorts,
  { note = '', created_at }: BulkJob,
  letter: DeadLetter,
): Promise<boolean> {
  if (letter.status === 'open') return deadLetters.markResolved(letter, clock.now(), note);
  return letter.status === 'resolved' && letter.note === note && letter.updated_at >= created_at;
}

async function cancel(ports: BulkPorts, { created_at }: BulkJob, { definition, state }: ListedRun): Promise<boolean> {
  if (isFinal(state.status)) return state.status === 'cancelled' && (state.finished_at ?? 0) >= created_at;
  await cancelRun(ports, definition);
  return true;
}

function bulkToken(job: BulkJob, cursor: string, now: number): BulkToken {
  return { kind: 'bulk', project: job.project_id, job: job.id, cursor, sent_at: now, hop: 0 };
}
