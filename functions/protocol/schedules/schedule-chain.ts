import { randomBytes } from 'node:crypto';
import { ConflictError } from '../../primitives/faults.js';
import { mapBounded } from '../../primitives/map-bounded.js';
import { bytesOf } from '../../subjects/projects/quotas.js';
import { BEGUN_MS, type Before, listsAfter, planChange } from '../../subjects/schedules/change-plan.js';
import {
  type ActiveClock,
  coveredBy,
  type FirePlan,
  isMissed,
  planFire,
  runIdOf,
  runOfOccurrence,
} from '../../subjects/schedules/fire-plan.js';
import { occurrencesFrom, type Schedule, type ScheduleClock } from '../../subjects/schedules/schedule.js';
import { pendingState } from '../../subjects/task-runs/task-run.js';
import { COMMIT_WINDOW_MS } from '../rules/attempt-decision.js';
import { rememberConfig } from '../rules/config-reads.js';
import { policyOfSender } from '../rules/policy-for.js';
import type { RunPorts, ScheduleKey } from '../rules/ports.js';
import type { FireToken } from '../rules/token.js';
import { cancelled } from '../rules/transitions.js';
import { record } from '../runs/record.js';
import { createBeyondQuota, createRun } from '../runs/run-operations.js';

/** A wake-up arrives this long before its occurrence; the run then waits in its lane for its due moment. */
export const FIRE_LEAD_MS = 5_000;
/** A wake-up that arrives earlier than its moment by more than this is put back. */
const EARLY_MS = 2_000;
const SOON_MS = 2_000;
/** Runs of one fire that are created at the same time. */
const AT_ONCE = 10;

const CHANGED_MEANWHILE = 'The schedule was changed at the same time; read it and try again.';

/**
 * Handles a wake-up of a schedule: sends the next wake-up, makes the occurrence's run and its token, then moves the
 * clock on. If the worker dies, the message comes again, and all of this is repeated under the same ids. A wake-up that
 * is not the clock's own is a fork and ends here; otherwise forks would live without end.
 * @param receivedAt when the wake-up was first received, however often it was handled since (Unix milliseconds)
 */
export async function fire(ports: RunPorts, token: FireToken, receivedAt = Infinity): Promise<void> {
  const key = { project: token.project, schedule: token.schedule };
  for (;;) {
    const now = ports.clock.now();
    const received = Math.min(now, receivedAt, token.received_at ?? Infinity);
    const { schedule, clock } = await ports.schedules.find(key);
    if (clock === undefined || schedule === undefined || token.gen > clock.gen)
      return putBackUntilCommit(ports, { ...token, received_at: received });
    if (token.gen < clock.gen || clock.status !== 'active' || clock.next_at === undefined) return;
    if (token.occurrence < clock.next_at) return;
    if (token.occurrence === clock.next_at && token.nonce !== clock.tok) return;
    const wakeAt = clock.next_at - FIRE_LEAD_MS;
    if (wakeAt - now > EARLY_MS) return ports.wakeUps.sendFire({ ...token, hop: token.hop + 1 }, wakeAt);

    const after = await moveOn(ports, schedule, { ...clock, next_at: clock.next_at }, { now, received });
    // Generation and position only grow, so a wake-up that this commit has passed is done. After a refused commit, or
    // while the clock is not past the wake-up, the clock is read again.
    if (after !== undefined && token.occurrence < (after.next_at ?? Infinity)) return;
  }
}

interface Firing {
  readonly now: number;
  /** When the wake-up was first received. */
  readonly received: number;
}

/** What a fire does at the clock's position. Answers the new clock; undefined if another writer was first. */
async function moveOn(
  ports: RunPorts,
  schedule: Schedule,
  clock: ActiveClock,
  { now, received }: Firing,
): Promise<ScheduleClock | undefined> {
  const key = { project: schedule.project_id, schedule: schedule.id };
  const made = await madeBefore(ports, schedule, clock, now);
  const plan = planFire(schedule, clock, { now, received, made });
  const page = { ...ports, config: rememberConfig(ports.config) }; // reads the endpoint once for all runs
  const goesOn = plan.next !== undefined && (await hasDestination(page, schedule));
  const next = goesOn ? await sendNext(ports, key, clock.gen, plan.next!, now) : undefined;
  await makeRuns(page, schedule, clock, plan);
  const { next_at: _next, tok: _tok, ...kept } = clock;
  const lists = listsAfter(schedule, clock, plan.occurrences, now);
  const after: ScheduleClock = {
    ...kept,
    ...next,
    ...lists,
    dropped: await endDropped(ports, clock, lists.dropped, now),
    runs: clock.runs + plan.occurrences.length,
    status: next ? 'active' : 'completed',
  };
  return (await ports.schedules.moveOn(clock, after)) ? after : undefined;
}

/**
 * If a schedule's endpoint is gone, the schedule ends: due runs become dead letters, and no further wake-up follows.
 */
export async function hasDestination(
  { config }: Pick<RunPorts, 'config'>,
  { project_id, endpoint_id }: Schedule,
): Promise<boolean> {
  return endpoint_id === undefined || (await config.endpoint(project_id, endpoint_id)) !== undefined;
}

/** Runs beyond the project's quotas are dead letters. A try that is repeated may find the quota otherwise. */
async function makeRuns(
  page: RunPorts,
  schedule: Schedule,
  { shard }: ScheduleClock,
  { occurrences, skipped }: Pick<FirePlan, 'occurrences' | 'skipped'>,
): Promise<void> {
  const policy = await policyOfSender(page.config, schedule);
  const count = occurrences.length;
  const taken = { count, bytes: count * bytesOf(schedule.payload) };
  const isWithin = skipped || ((await page.takeRuns?.(schedule.project_id, taken)) ?? true);
  await mapBounded(occurrences, AT_ONCE, async (occurrence) => {
    const run = runOfOccurrence(schedule, occurrence, shard, policy, page.keepMs, page.clock.now());
    if (skipped) await createSkipped(page, run, page.clock.now());
    else if (isWithin) await createRun(page, run);
    else await createBeyondQuota(page, run);
  });
}

/** Occurrences after a missed position that have a run already: an earlier try was on time, and died. */
async function madeBefore(
  ports: Pick<RunPorts, 'runs'>,
  schedule: Schedule,
  clock: ActiveClock,
  now: number,
): Promise<number[]> {
  if (!isMissed(schedule, clock, now)) return [];
  const following = coveredBy(schedule, clock).slice(1);
  const found = await mapBounded(following, AT_ONCE, async (occurrence) => {
    const run = runIdOf(schedule, occurrence, clock.shard);
    return (await ports.runs.find({ project: schedule.project_id, run })).definition !== undefined;
  });
  return following.filter((_occurrence, index) => found[index]);
}

/**
 * Cancels the runs of past dropped occurrences, since they cannot be made again: the clock may then forget them.
 * Answers the other dropped occurrences.
 */
async function endDropped(
  ports: RunPorts,
  { id, project_id, shard, dropped: known = [] }: ScheduleClock,
  dropped: readonly number[],
  now: number,
): Promise<number[]> {
  const past = dropped.filter((at) => at < now && known.includes(at));
  await mapBounded(past, AT_ONCE, async (occurrence) => {
    const key = { project: project_id, run: runIdOf({ id }, occurrence, shard) };
    const { definition, state = definition && pendingState(definition) } = await ports.runs.find(key);
    // A run that a backfill has made since is wanted.
    if (definition?.source.type !== 'schedule' || state?.status !== 'pending') return;
    await record(ports, key, { definition, ...(state.version > 0 && { state }) }, cancelled(state, now));
  });
  return dropped.filter((at) => !past.includes(at));
}

/** The first half of arming: the wake-up for `next_at` is sent before the clock names it. */
async function sendNext(
  ports: Pick<RunPorts, 'wakeUps'>,
  { project, schedule }: ScheduleKey,
  gen: number,
  occurrence: number,
  now: number,
  extra: Pick<FireToken, 'received_at'> = {},
): Promise<Pick<ScheduleClock, 'next_at' | 'tok'>> {
  const wakeAt = occurrence - FIRE_LEAD_MS;
  const base = { kind: 'fire', project, schedule, gen, occurrence, sent_at: now, hop: 0 } as const;
  // A far wake-up has a name, which a second sender finds taken: both must then use the same nonce.
  const nonce = ports.wakeUps.fireName(base, wakeAt) ?? randomBytes(8).toString('hex');
  await ports.wakeUps.sendFire({ ...base, ...extra, nonce }, wakeAt);
  return { next_at: occurrence, tok: nonce };
}

/** A run that its misfire policy skips: visible, and never called. The definition is written last, as everywhere. */
async function createSkipped(
  ports: Pick<RunPorts, 'runs'>,
  run: ReturnType<typeof runOfOccurrence>,
  now: number,
): Promise<void> {
  const state = { ...pendingState(run), status: 'skipped', finished_at: now } as const;
  await ports.runs.begin({ project: run.project_id, run: run.id }, state);
  await ports.runs.create(run);
}

async function putBackUntilCommit(ports: Pick<RunPorts, 'clock' | 'wakeUps'>, token: FireToken): Promise<void> {
  const now = ports.clock.now();
  const age = now - token.sent_at;
  if (age < COMMIT_WINDOW_MS)
    await ports.wakeUps.sendFire({ ...token, hop: token.hop + 1 }, now + Math.max(SOON_MS, age / 2));
}

/** Creates a schedule with its clock. A repeat with the same ids changes nothing. */
export async function createSchedule(
  ports: Pick<RunPorts, 'clock' | 'schedules' | 'wakeUps'>,
  schedule: Schedule,
  status: 'active' | 'paused',
  shard: number,
): Promise<void> {
  const armed = status === 'active' ? await arm(ports, schedule, 1) : {};
  await ports.schedules.putSchedule(schedule);
  const base = { id: schedule.id, project_id: schedule.project_id, gen: 1, shard, runs: 0, ahead: [] };
  await ports.schedules.begin({ ...base, ...armed, status: statusOf(status, armed) });
}

/**
 * Changes, resumes or pauses a schedule. The order: the new generation's wake-up, the schedule, the clock (the
 * decision), then the old wake-up is deleted, never before. What is due by then is fired by the schedule as it was, so
 * that no late fire loses it.
 * @throws ConflictError if the schedule was changed at the same time
 */
export async function changeSchedule(
  ports: RunPorts,
  schedule: Schedule,
  seen: { readonly schedule: Schedule; readonly clock: ScheduleClock },
  status: 'active' | 'paused',
): Promise<void> {
  const before = await caughtUp(ports, seen.schedule, seen.clock);
  const { clock, now } = before;
  const { next_at, ...plan } = planChange(status === 'active' ? schedule : undefined, before);
  const key = { project: schedule.project_id, schedule: schedule.id };
  const gen = clock.gen + 1;
  const goesOn = next_at !== undefined && (await hasDestination(ports, schedule));
  const armed = goesOn ? await sendNext(ports, key, gen, next_at, now) : {};
  const dropped = await endDropped(ports, clock, plan.dropped, now);
  if (!(await ports.schedules.putSchedule(schedule))) throw new ConflictError(CHANGED_MEANWHILE);
  const { next_at: _next, tok: _tok, ...kept } = clock;
  const next = { ...kept, ...plan, ...armed, dropped, gen, status: statusOf(status, armed) };
  if (!(await ports.schedules.renew(clock, next)) && !(await stands(ports, next)))
    throw new ConflictError(CHANGED_MEANWHILE);
  await disarm(ports, clock);
}

/**
 * Fires and commits the occurrences that are due until shortly after now: they stand whatever becomes of the change.
 * @throws ConflictError if another writer was first
 */
async function caughtUp(ports: RunPorts, schedule: Schedule, seen: ScheduleClock): Promise<Before> {
  for (let clock = seen; ; ) {
    const now = ports.clock.now();
    const { status, next_at } = clock;
    if (status !== 'active' || next_at === undefined || next_at >= now + BEGUN_MS) return { schedule, clock, now };
    // Counts as on time: whether the wake-up came in time cannot be known here.
    const after = await moveOn(ports, schedule, { ...clock, next_at }, { now, received: next_at });
    if (after === undefined) throw new ConflictError(CHANGED_MEANWHILE);
    clock = after;
  }
}

/** Whether our own write stands. A lost reply must not look like a lost condition. */
async function stands(
  ports: Pick<RunPorts, 'schedules'>,
  { project_id, id, gen, status, tok }: ScheduleClock,
): Promise<boolean> {
  const { clock } = await ports.schedules.find({ project: project_id, schedule: id });
  return clock?.gen === gen && clock.status === status && clock.tok === tok;
}

/** Deletes a schedule. A wake-up on its way finds that its generation is over. */
export async function deleteSchedule(ports: Pick<RunPorts, 'schedules' | 'wakeUps'>, key: ScheduleKey): Promise<void> {
  for (;;) {
    const { clock } = await ports.schedules.find(key);
    if (clock === undefined) return ports.schedules.remove(key);
    const isGone = clock.status === 'deleted'; // by an earlier try, which may have died before the end
    if (!isGone && !(await ports.schedules.renew(clock, { ...clock, gen: clock.gen + 1, status: 'deleted' }))) continue;
    await disarm(ports, isGone ? { ...clock, gen: clock.gen - 1 } : clock);
    return ports.schedules.remove(key);
  }
}

/**
 * Arms a schedule again whose position passed long ago without a fire.
 * @returns whether it did
 */
export async function rearmSchedule(
  ports: Pick<RunPorts, 'clock' | 'schedules' | 'wakeUps'>,
  key: ScheduleKey,
  forgottenMs: number,
): Promise<boolean> {
  const { schedule, clock } = await ports.schedules.find(key);
  const now = ports.clock.now();
  if (schedule === undefined || clock?.status !== 'active' || clock.next_at === undefined) return false;
  if (clock.next_at > now - forgottenMs) return false;
  const gen = clock.gen + 1;
  // The lost wake-up would have arrived in time, so its late replacement is no reason to skip the occurrence.
  const armed = await sendNext(ports, key, gen, clock.next_at, now, { received_at: clock.next_at });
  return ports.schedules.renew(clock, { ...clock, ...armed, gen });
}

async function arm(
  ports: Pick<RunPorts, 'clock' | 'wakeUps'>,
  schedule: Schedule,
  gen: number,
): Promise<Pick<ScheduleClock, 'next_at' | 'tok'>> {
  const now = ports.clock.now();
  const [next] = occurrencesFrom(schedule, now, 1);
  if (next === undefined) return {};
  return sendNext(ports, { project: schedule.project_id, schedule: schedule.id }, gen, next, now);
}

function statusOf(wanted: 'active' | 'paused', armed: Partial<ScheduleClock>): ScheduleClock['status'] {
  return wanted === 'active' && armed.next_at === undefined ? 'completed' : wanted;
}

async function disarm(
  ports: Pick<RunPorts, 'wakeUps'>,
  { project_id, id, gen, next_at }: ScheduleClock,
): Promise<void> {
  if (next_at !== undefined)
    await ports.wakeUps.disarmFire({ project: project_id, schedule: id, gen, occurrence: next_at });
}
