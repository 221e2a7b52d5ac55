import type { StoredEvent } from '../event/event.js';
import { isFannedOut } from '../event/event.js';
import { runsOf } from '../event/event-runs.js';
import { fanOutToken } from '../event/publish.js';
import { lookAtRuns } from './look-at-runs.js';
import { eachSafely, type Looking } from './looking.js';
import { MISSED_MS, nextMiss } from './missed.js';

/** Runs looked up together. */
const RUNS_AT_ONCE = 500;

/** Events whose fan-out is not done: the next page's token goes out again if it is gone. */
export async function lookAtEvents(looking: Looking, events: readonly StoredEvent[]): Promise<void> {
  const { ports, clocks, later } = looking;
  const rows = events.map((stored) => ({ id: stored.event.id, stored }));
  await eachSafely(looking, rows, onWakeUps, async ({ id, stored }) => {
    if (isFannedOut(stored)) return lookAtRunsOf(looking, stored);
    const last = stored.pages.at(-1);
    const moment = last?.decided_at ?? stored.event.created_at;
    const now = clocks['wake-ups'];
    if (moment + MISSED_MS > now) return later.look('wake-ups', moment + MISSED_MS, id);
    await ports.wakeUps.sendToDispatcher(fanOutToken(stored.event, last?.end ?? '', ports.clock.now()));
    ports.tally.count('rearmed');
    await later.look('wake-ups', nextMiss(moment, now), id);
  });
}

/** It was looked at before it had made all of them. */
async function lookAtRunsOf(looking: Looking, stored: StoredEvent): Promise<void> {
  const { ports, project } = looking;
  const ids = runsOf(stored).map(({ id }) => id);
  for (let start = 0; start < ids.length; start += RUNS_AT_ONCE)
    await lookAtRuns(looking, await ports.lists.byIds(project.id, ids.slice(start, start + RUNS_AT_ONCE)));
}

const onWakeUps = () => 'wake-ups' as const;
