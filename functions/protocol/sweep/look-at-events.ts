import { isFannedOut, type StoredEvent } from '../../subjects/events/event.js';
import { runIdsOf } from '../../subjects/events/event-runs.js';
import type { ListedRun } from '../../subjects/task-runs/task-run-lists.js';
import { fanOutToken } from '../messages/publish.js';
import { lookAtRuns } from './look-at-runs.js';
import { eachSafely, type Looking } from './looking.js';
import { MISSED_MS, nextMiss } from './sweep-ports.js';

/** Runs in one read. */
const RUNS_AT_ONCE = 500;

/** Events whose fan-out is not done: if the token of the first page that is not done is lost, it is sent again. */
export async function lookAtEvents(looking: Looking, events: readonly StoredEvent[]): Promise<void> {
  const { ports, clocks, later } = looking;
  const rows = events.map((stored) => ({ id: stored.event.id, stored }));
  await eachSafely(looking, rows, onWakeUps, async ({ id, stored }) => {
    const { event, pages } = stored;
    // All runs exist, but may have been made after their moment was checked.
    if (isFannedOut(stored)) return lookAtRuns(looking, await runsOf(looking, stored));
    const undone = pages.find(({ made_at }) => made_at === undefined);
    const last = pages.at(-1);
    const moment = (undone ?? last)?.decided_at ?? event.created_at;
    const now = clocks['wake-ups'];
    if (moment + MISSED_MS > now) return later.look('wake-ups', moment + MISSED_MS, id);
    const cursor = undone ? undone.after : (last?.end ?? '');
    await ports.wakeUps.sendToDispatcher(fanOutToken(event, cursor, ports.clock.now()));
    ports.metrics.count('rearmed');
    await later.look('wake-ups', nextMiss(moment, now), id);
  });
}

/** The event's runs that exist. */
async function runsOf({ ports, project }: Looking, stored: StoredEvent): Promise<ListedRun[]> {
  const ids = runIdsOf(stored);
  const found: ListedRun[] = [];
  for (let start = 0; start < ids.length; start += RUNS_AT_ONCE)
    found.push(...(await ports.lists.byIds(project.id, ids.slice(start, start + RUNS_AT_ONCE))));
  return found;
}

const onWakeUps = () => 'wake-ups' as const;
