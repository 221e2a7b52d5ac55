import { sendRelease } from '../endpoint/held-runs.js';
import { lookAtJobs, rearm } from './look-at-config.js';
import { lookAtEvents } from './look-at-events.js';
import { type Listed, lookAtRuns } from './look-at-runs.js';
import { eachSafely, type Looking } from './looking.js';
import type { LaterList, QueueName } from './sweep-ports.js';

/**
 * What was put on a list, when its time has come: the id of a run or an event, `again <id>` of anything where a look failed,
 * `held <run> <endpoint>`, `freed <run> <since>`, or `release <endpoint> <run>` of an endpoint whose oldest held run was that one.
 */
export async function lookAtEntries(looking: Looking, { queue, entries }: LaterList): Promise<void> {
  const plain: string[] = [];
  const again: string[] = [];
  const held: string[] = [];
  const freed = new Map<number, string[]>();
  const events: { id: string }[] = [];
  const releases: { id: string }[] = [];
  const schedules: { id: string }[] = [];
  const jobs = new Set<string>();
  for (const entry of entries) {
    const [word = '', id = word, more = ''] = entry.split(' ');
    if (word === 'release') releases.push({ id: entry });
    else if (id.startsWith('sch_')) schedules.push({ id });
    else if (id.startsWith('bulk_')) jobs.add(id);
    else if (isEvent(id)) events.push({ id });
    else if (word === 'again' && id.startsWith('run_')) again.push(id);
    else if (word === 'held' && (await isPaused(looking, more))) await putOff(looking, queue, entry);
    else if (word === 'held') held.push(id);
    else if (word === 'freed') freed.set(Number(more), [...(freed.get(Number(more)) ?? []), id]);
    else if (id.startsWith('run_')) plain.push(id);
    // All else is found again by itself.
  }
  await eachSafely(looking, events, onWakeUps, ({ id }) => lookAtEvent(looking, id));
  await lookAtRunsAt(looking, plain, {});
  await lookAtRunsAt(looking, again, { isIndexless: true });
  await lookAtRunsAt(looking, held, { isIndexless: true, wasHeld: true });
  for (const [since, ids] of freed) await lookAtRunsAt(looking, ids, { isIndexless: true, since });
  await eachSafely(looking, releases, onWakeUps, ({ id }) => releaseIfStuck(looking, id));
  await rearm(looking, schedules);
  if (jobs.size > 0) await lookAtJobs(looking, ({ id }) => jobs.has(id));
}

/** Then it holds what it held, and its runs need not be read: a pause takes long as a rule. */
async function isPaused({ config, project }: Looking, endpoint: string): Promise<boolean> {
  return (await config.endpoint(project.id, endpoint))?.status === 'paused';
}

function putOff({ later, clocks }: Looking, queue: QueueName, entry: string): Promise<void> {
  return later.look(queue, clocks[queue], entry);
}

async function lookAtEvent(looking: Looking, id: string): Promise<void> {
  const stored = await looking.ports.events.find(looking.project.id, id);
  if (stored) await lookAtEvents(looking, [stored]);
}

async function lookAtRunsAt(looking: Looking, ids: readonly string[], listed: Listed): Promise<void> {
  if (ids.length === 0) return;
  const runs = await looking.ports.lists.byIds(looking.project.id, [...new Set(ids)]);
  await lookAtRuns(looking, runs, listed);
}

/** Page for page a release takes the oldest away: where that one still lies, no release is at work. */
async function releaseIfStuck({ ports, project }: Looking, entry: string): Promise<void> {
  const [, endpointId, run] = entry.split(' ') as [string, string, string];
  const endpoint = await ports.config.endpoint(project.id, endpointId);
  if (endpoint?.status === 'paused') return;
  const [oldest] = await ports.heldRuns.oldest({ project: project.id, endpoint: endpointId }, project.shards, 1);
  if (oldest?.token.run !== run) return;
  await sendRelease(ports, { project_id: project.id, id: endpointId }, endpoint?.rev ?? 1);
  ports.metrics.count('rearmed');
}

const isEvent = (id: string) => id.startsWith('evt_') || id.startsWith('ntf_');
const onWakeUps = () => 'wake-ups' as const;
