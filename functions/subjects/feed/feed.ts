import { firstId, hexOf } from '../../primitives/ids.js';
import type { Project } from '../projects/project.js';
import { type Attempt, isFinal, type RunDefinition } from '../task-runs/task-run.js';
import type { ListedRun, RunLists } from '../task-runs/task-run-lists.js';

/**
 * A feed of a project's runs as they change, made of what is stored anyway: runs and second attempts lie in the order of
 * their ids, and of a run that was sent before it had ended, the state is read again. So a change costs no write.
 */
export interface FeedPlace {
  /** All rows up to this id were sent, or will not be. */
  readonly after: string;
  /** What was sent behind `after`, and runs that are followed, by the digits of their ids. */
  readonly known: ReadonlyMap<string, Known>;
}

export interface Known {
  /** The version of the run's state that was sent. */
  readonly version: number;
  /** How many attempts of the run had been recorded then. */
  readonly attempts: number;
  /** The run had not ended: it is followed. */
  readonly isOpen: boolean;
}

/** A run as it is now. */
export interface Change {
  readonly run: ListedRun;
  /** The run's state was not sent yet. */
  readonly isChanged: boolean;
  /** Its recorded attempts that were not sent yet. */
  readonly attempts: readonly Attempt[];
}

export interface FeedLook {
  readonly changes: readonly Change[];
  readonly place: FeedPlace;
  /** There is more to read at once. */
  readonly more: boolean;
}

/** A row may become visible so long after the moment of its id: a request of the API has 29 seconds. */
export const LATE_MS = 60_000;
/** A cursor goes into an address, which CloudFront takes up to 8,192 characters of. */
const MOST_FOLLOWED = 150;
const MOST_REMEMBERED = 100;

/** Of a row that is not followed. */
const SENT: Known = { version: 0, attempts: 0, isOpen: false };

type FeedReads = Pick<RunLists, 'byIds' | 'changes' | 'versions'>;

/** One look: up to `limit` runs that have changed since `place`. Runs that do not fit are not followed. */
export async function lookAtFeed(
  reads: FeedReads,
  project: Project,
  place: FeedPlace,
  now: number,
  limit: number,
  fits: (run: RunDefinition) => boolean,
): Promise<FeedLook> {
  const ahead = await followedAhead(reads, project.id, place);
  const changed = ahead.slice(0, limit - 1); // one row at least, so that the feed comes forward
  const isNew = (id: string) => !place.known.has(hexOf(id));
  const { rows, end } = await reads.changes(project, place.after, now, isNew, limit - changed.length);
  const attempts = rows.filter((row): row is Attempt => !('definition' in row));
  const found = new Map(rows.flatMap((row) => ('definition' in row ? [[row.id, row] as const] : [])));
  const known = new Map(place.known);
  for (const { id } of rows) known.set(hexOf(id), SENT);
  const named = [...new Set([...changed, ...attempts.map(({ run_id }) => run_id)])];
  const accepted = new Set(found.keys());
  for (const run of await reads.byIds(project.id, named)) found.set(run.id, run);
  const runs = [...found.values()].filter(({ definition }) => fits(definition));
  const changes = runs
    .sort((a, b) => (hexOf(a.id) < hexOf(b.id) ? -1 : 1))
    .map((run) => changeOf(run, place.known, accepted.has(run.id), attempts));
  for (const { run, isChanged, attempts: sent } of changes) {
    for (const { id } of sent) known.set(hexOf(id), SENT);
    if (isChanged) known.set(hexOf(run.id), asKnown(run)); // the first attempt has the same digits
  }
  const settled = firstId('run', now - LATE_MS);
  const reached = end === undefined ? settled : earlier(end, settled);
  return {
    changes: changes.filter(({ isChanged, attempts: sent }) => isChanged || sent.length > 0),
    place: bounded(later(place.after, reached), end ?? firstId('run', now), known),
    more: end !== undefined || changed.length < ahead.length,
  };
}

/** The followed runs whose state is newer than what was sent. */
async function followedAhead(reads: FeedReads, project: string, { known }: FeedPlace): Promise<string[]> {
  const followed = [...known].filter(([, { isOpen }]) => isOpen).map(([hex]) => `run_${hex}`);
  const versions = await reads.versions(project, followed);
  return followed.filter((id) => (versions.get(id) ?? 0) > known.get(hexOf(id))!.version);
}

/**
 * Of a run that only an attempt has led to, that attempt alone is sent, and the run if it was its last. Of other runs also
 * those attempts that their state holds: the first, and the last until the next claim.
 */
function changeOf(
  run: ListedRun,
  known: FeedPlace['known'],
  isAccepted: boolean,
  attempts: readonly Attempt[],
): Change {
  const { first_attempt, last_attempt, later_attempts, version } = run.state;
  const before = known.get(hexOf(run.id));
  const recorded = [...(first_attempt ? [first_attempt.id] : []), ...later_attempts];
  const fresh = before || isAccepted ? recorded.slice(before?.attempts ?? 0) : [];
  const read = attempts.filter(({ id }) => recorded.includes(id));
  const held = [first_attempt, last_attempt].filter(
    (attempt): attempt is Attempt =>
      attempt !== undefined &&
      fresh.includes(attempt.id) &&
      !read.some(({ id }) => id === attempt.id) &&
      (attempt === first_attempt || !known.has(hexOf(attempt.id))),
  );
  return {
    run,
    isChanged: before ? version > before.version : isAccepted || read.some(({ id }) => id === recorded.at(-1)),
    attempts: [...held, ...read].sort((a, b) => a.attempt - b.attempt),
  };
}

function asKnown({ state: { status, version, first_attempt, later_attempts } }: ListedRun): Known {
  return { version, attempts: (first_attempt ? 1 : 0) + later_attempts.length, isOpen: !isFinal(status) };
}

/**
 * Keeps the newest of what is known. What has ended and lies before `after` is not read again. Where more was sent behind
 * `after` than can be kept, `after` moves on, so that nothing is sent twice: rows that are later than that are missed.
 */
function bounded(after: string, read: string, known: ReadonlyMap<string, Known>): FeedPlace {
  const newestFirst = [...known]
    .filter(([hex, { isOpen }]) => isOpen || hex > hexOf(after))
    .sort(([a], [b]) => (a > b ? -1 : 1));
  const followed = newestFirst.filter(([, { isOpen }]) => isOpen);
  const others = newestFirst.filter(([, { isOpen }]) => !isOpen);
  const kept = [...followed.slice(0, MOST_FOLLOWED), ...others.slice(0, MOST_REMEMBERED)];
  const forgotten = [...followed.slice(MOST_FOLLOWED), ...others.slice(MOST_REMEMBERED)];
  const passed = forgotten.map(([hex]) => `run_${hex}`).filter((id) => hexOf(id) <= hexOf(read));
  return { after: passed.reduce(later, after), known: new Map(kept) };
}

const later = (a: string, b: string): string => (hexOf(a) > hexOf(b) ? a : b);
const earlier = (a: string, b: string): string => (hexOf(a) < hexOf(b) ? a : b);
