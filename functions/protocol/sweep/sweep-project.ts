import { createHash } from 'node:crypto';
import type { Project } from '../../subjects/projects/project.js';
import { sendRelease } from '../limits/held-runs.js';
import { isMissedJob, lookAtClocks, lookAtEndpoints, lookAtJobs, rearm } from './look-at-config.js';
import { lookAtEvents } from './look-at-events.js';
import { type Listed, lookAtRuns, lookAtWaiting } from './look-at-runs.js';
import { eachSafely, type Looking, lookingAt } from './looking.js';
import {
  isEmpty,
  type LaterList,
  MISSED_MS,
  type Position,
  QUEUES,
  type QueueName,
  type QueueTimes,
  type Span,
  type SweepPorts,
} from './sweep-ports.js';

/**
 * Checks a list's entries: the id of a run or an event; `again <id>` after a check failed; `held <run> <endpoint>`;
 * `freed <run> <since>`; or `release <endpoint> <run>`, where that run was the endpoint's oldest held run.
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
    // Other objects are found again without a list.
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

/** A paused endpoint still holds its runs, so they are not read: a pause is usually long. */
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

/** A release deletes the oldest held rows first: if that run is still the oldest, no release is in progress. */
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

/** Runs in one read. */
const RUNS_AT_ONCE = 500;

/**
 * Checks a project for work whose message is lost, between the last check's position and `until`. Every step stores the
 * entries for later checks before its position. So after a death or a failure one step is repeated.
 * @param isTimeUp is asked between steps
 * @returns how far it came
 */
export async function sweepProject(
  ports: SweepPorts,
  project: Project,
  from: Position,
  until: Position,
  isTimeUp: () => boolean,
): Promise<Position> {
  const looking = lookingAt(ports, project, from, until, nameOf(from, until));
  let position = from;
  try {
    for (const step of [lookAtMade, lookAtDue, lookAtListed])
      for (;;) {
        if (isTimeUp()) return position;
        const next = await step(looking, position, until);
        await looking.later.flush();
        if (next === undefined) break;
        position = next;
      }
    return until;
  } catch (error) {
    ports.onFailure({ project: project.id }, error);
    return position;
  }
}

/** The same for a repeat of the same check: its lists then replace the lists that were put before. */
function nameOf(from: Position, until: Position): string {
  return createHash('sha256')
    .update(JSON.stringify([from, until]))
    .digest('hex')
    .slice(0, 16);
}

/** Answers the position after the step; undefined if there is nothing left to check. */
type Step = (looking: Looking, from: Position, until: Position) => Promise<Position | undefined>;

/** Runs and events that were made since the last check. */
const lookAtMade: Step = async (looking, from, until) => {
  const span = { from: from.made, until: until.made };
  if (isEmpty(span)) return undefined;
  return { ...from, made: await lookThrough(looking, span) };
};

/** Work whose message should have come since. If no queue has moved on, there is nothing to check. */
const lookAtDue: Step = async (looking, from, until) => {
  const { ports, project } = looking;
  if (QUEUES.every((queue) => isEmpty(spanOf(from.due, until.due, queue)))) return undefined;
  const { part, before } = from.walk ?? { part: 'waiting' };
  if (part === 'waiting') {
    const { rows, end } = await ports.lists.waiting(project, before);
    await lookAtWaiting(looking, rows, from.due);
    return { ...from, walk: end === undefined ? { part: 'clocks' } : { part, before: end } };
  }
  const due = spanOf(from.due, until.due, 'wake-ups');
  if (!isEmpty(due)) {
    const { rows, end } = await ports.lists.lateClocks(project.id, due.until - MISSED_MS, before);
    await lookAtClocks(looking, rows, due);
    if (end !== undefined) return { ...from, walk: { part, before: end } };
    await lookAtJobs(looking, isMissedJob(due));
    await lookAtMadeLate(looking, due);
  }
  await lookAtEndpoints(looking, await ports.lists.endpoints(project.id));
  const { walk: _over, ...done } = from;
  return { ...done, due: until.due };
};

/** Lists whose moment their queue has passed since: the lists of one moment at a time. */
const lookAtListed: Step = async (looking, from, until) => {
  const { ports, project } = looking;
  const queue = QUEUES.find((name) => !isEmpty(spanOf(from.listed, until.listed, name)));
  if (queue === undefined) return undefined;
  let at: number | undefined;
  for await (const list of ports.sweep.later(project.id, queue, spanOf(from.listed, until.listed, queue))) {
    if (at !== undefined && list.at !== at) return { ...from, listed: { ...from.listed, [queue]: at } };
    at = list.at;
    await lookAtEntries(looking, list);
  }
  return { ...from, listed: { ...from.listed, [queue]: until.listed[queue] } };
};

/**
 * Runs that schedules and events have made late, in a backlog of the dispatcher. These runs are stored under the time
 * at which they should have been made, and that time was checked before. Without a backlog there are none.
 */
async function lookAtMadeLate(looking: Looking, { from, until }: Span): Promise<void> {
  const span = { from, until: Math.min(until, looking.from.made) };
  if (from === 0) return; // the very first check
  for (let at = span.from; at < span.until; ) at = await lookThrough(looking, { ...span, from: at });
}

/** @returns how far one read went */
async function lookThrough(looking: Looking, span: Span): Promise<number> {
  const { ports, project } = looking;
  const { runs, events, until } = await ports.lists.madeIn(project, span);
  await lookAtEvents(looking, events);
  for (let start = 0; start < runs.length; start += RUNS_AT_ONCE)
    await lookAtRuns(looking, await ports.lists.byIds(project.id, runs.slice(start, start + RUNS_AT_ONCE)));
  return until;
}

function spanOf(from: QueueTimes, until: QueueTimes, queue: QueueName): Span {
  return { from: from[queue], until: until[queue] };
}
