import { mapBounded } from '../../primitives/map-bounded.js';
import type { Lane } from '../../subjects/endpoints/endpoint.js';
import { isIndexedAsWaiting } from '../../subjects/task-runs/task-run.js';
import type { ListedRun } from '../../subjects/task-runs/task-run-lists.js';
import { performEffects } from '../effects/effects.js';
import { deliverToken, destinationOf, laneGroup, laneOf, sendToRunsLane } from '../messages/send-run.js';
import { seemsHeld } from '../rules/held-run.js';
import { eachSafely, type Looking } from './looking.js';
import {
  COPY_WAITS_MS,
  freedEntry,
  isMissed,
  MISSED_MS,
  nextMiss,
  type QueueTimes,
  type Span,
  type Stretch,
  type SweepPorts,
} from './sweep-ports.js';

/** A lane without a backlog delivers a probe within a second or two. */
const ASKED_TIMES = 5;
const ASKED_APART_MS = 1_000;
const GROUPS_AT_ONCE = 10;

/** The attempt that a message should bring, and when the message should come. */
interface Awaited {
  readonly moment: number;
  readonly attempt: number;
  readonly due: number;
}

interface Suspect extends Awaited {
  readonly id: string;
  readonly run: ListedRun;
  readonly lane: Lane;
}

/**
 * Undefined for a run that is over. The message of a running attempt comes back when the lease is over. Its copy, which
 * may carry the call's outcome, comes somewhat later: an earlier new message would only repeat the call.
 */
export function awaitedOf({ definition, state }: ListedRun): Awaited | undefined {
  const { attempt, status, lease = 0 } = state;
  if (status === 'running')
    return { moment: lease + COPY_WAITS_MS, attempt, due: attempt === 1 ? definition.due : lease };
  if (status !== 'pending' && status !== 'retry_scheduled') return undefined;
  const due = state.due ?? definition.due;
  return { moment: state.turn?.at ?? due, attempt: attempt + 1, due };
}

/** What the list with the run's entry says of it. */
export interface Listed {
  /** The check of the run failed, or the run was held: do not leave the run to the index of waiting runs. */
  readonly isIndexless?: boolean;
  /** The run was held at its endpoint when it was listed. */
  readonly wasHeld?: boolean;
  /** Its message was sent at this moment at the latest (Unix milliseconds). */
  readonly since?: number;
}

/**
 * Runs from lists of runs that were perhaps not sent. A run whose message is lost is sent again. A run whose message
 * may still get lost is listed again.
 */
export async function lookAtRuns(
  looking: Looking,
  runs: readonly ListedRun[],
  { isIndexless = false, wasHeld = false, since = 0 }: Listed = {},
): Promise<void> {
  const { later, clocks, config, ports } = looking;
  const suspects: Suspect[] = [];
  const open = runs.filter(({ state }) => isIndexless || !isIndexedAsWaiting(state));
  await eachSafely(looking, open, laneless, async (run) => {
    const awaited = awaitedOf(run);
    if (awaited === undefined) return;
    const lane = laneOf(await destinationOf({ config }, run.definition));
    if (isHeld(looking, run)) return lookAtHeld(looking, run, lane);
    const now = ports.clock.now();
    // Released since, at an unknown moment: its message is at most as new as this check.
    if (wasHeld) return later.look(lane, now + MISSED_MS, freedEntry(run.id, now));
    const moment = Math.max(awaited.moment, since);
    if (moment + MISSED_MS > clocks[lane])
      await later.look(lane, moment + MISSED_MS, since > 0 ? freedEntry(run.id, since) : run.id);
    else suspects.push({ ...awaited, moment, id: run.id, run, lane });
  });
  await sendIfGone(looking, suspects, ({ id, lane, moment }, isSent) => {
    const now = clocks[lane];
    // A message in a long line of its group is checked again later, the later the longer it has waited.
    const next = isSent ? nextMiss(moment, now) : now + (now - moment) / 4;
    return later.look(lane, next, since > 0 ? freedEntry(id, since) : id);
  });
}

/** Lists the run again: when it is released, its message may get lost. */
async function lookAtHeld(
  { later, clocks, config, ports }: Looking,
  { id, definition }: ListedRun,
  lane: Lane,
): Promise<void> {
  const endpoint = definition.endpoint_id!;
  await later.look(lane, clocks[lane], heldEntry(id, endpoint));
  // If its endpoint is gone, no other check finds that the run was not released.
  if ((await config.endpoint(definition.project_id, endpoint)) === undefined)
    await later.look('wake-ups', ports.clock.now(), `release ${endpoint} ${id}`);
}

const heldEntry = (run: string, endpoint: string): string => `held ${run} ${endpoint}`;

/** Runs from the index of waiting runs: each is sent again when its lane's time passes a moment of a miss. */
export async function lookAtWaiting(looking: Looking, runs: readonly ListedRun[], from: QueueTimes): Promise<void> {
  const suspects: Suspect[] = [];
  await eachSafely(looking, runs, laneless, async (run) => {
    const awaited = awaitedOf(run);
    if (awaited === undefined || !isIndexedAsWaiting(run.state)) return;
    const spans = { fast: spanOf(looking, from, 'fast'), slow: spanOf(looking, from, 'slow') };
    if (!isMissed(awaited.moment, spans.fast) && !isMissed(awaited.moment, spans.slow)) return;
    const lane = laneOf(await destinationOf(looking, run.definition));
    if (!isMissed(awaited.moment, spans[lane])) return;
    if (!isHeld(looking, run)) suspects.push({ ...awaited, id: run.id, run, lane });
    // Only at the first check: from then on the run is on a list.
    else if (spans[lane].from < awaited.moment + MISSED_MS) await lookAtHeld(looking, run, lane);
  });
  await sendIfGone(looking, suspects, async () => {});
}

function spanOf({ clocks }: Looking, from: QueueTimes, lane: Lane): Span {
  return { from: from[lane], until: clocks[lane] };
}

/** Whether the run waits at its endpoint without a message. No other run has such a long TTL. */
function isHeld({ ports }: Looking, { definition }: ListedRun): boolean {
  return definition.endpoint_id !== undefined && seemsHeld(definition, ports.clock.now());
}

/** For a row whose lane is unknown. */
const laneless = (): Lane => 'fast';

/**
 * Sends the tokens of the suspects whose message group, too, is worked off beyond their moment. Within a lane one
 * group's long line waits while other groups pass, and a message that still waits there must not get a duplicate.
 */
async function sendIfGone(
  looking: Looking,
  suspects: readonly Suspect[],
  then: (suspect: Suspect, isSent: boolean) => Promise<void>,
): Promise<void> {
  const fresh = suspects.filter(({ id }) => !looking.sent.has(id));
  const gotTo = await askGroups(looking, fresh);
  await eachSafely(
    looking,
    fresh,
    ({ lane }) => lane,
    async (suspect) => {
      const isGone = suspect.moment + MISSED_MS <= gotTo.get(groupOf(suspect))!;
      if (isGone) await sendAgain(looking, suspect);
      await then(suspect, isGone);
    },
  );
}

async function sendAgain({ ports, sent }: Looking, { id, run, attempt, due }: Suspect): Promise<void> {
  const { definition, state } = run;
  sent.add(id);
  // The worker that lost the message may have died before the effects of the verdict.
  if (state.status === 'retry_scheduled') await performEffects(ports, definition, state);
  else await sendToRunsLane(ports, definition, deliverToken(definition, attempt, due, ports.clock.now()), due);
  ports.metrics.count('rearmed');
}

const groupOf = ({ lane, run }: Suspect): string => `${lane} ${laneGroup(run.definition)}`;

/** Up to which moment each suspect's group is worked off. If that is too early, a probe is sent. */
async function askGroups({ ports }: Looking, suspects: readonly Suspect[]): Promise<Map<string, number>> {
  const wanted = new Map<string, { stretch: { queue: Lane; group: string }; until: number }>();
  for (const suspect of suspects) {
    const key = groupOf(suspect);
    const until = Math.max(suspect.moment + MISSED_MS, wanted.get(key)?.until ?? 0);
    wanted.set(key, { stretch: { queue: suspect.lane, group: laneGroup(suspect.run.definition) }, until });
  }
  const gotTo = await mapBounded([...wanted], GROUPS_AT_ONCE, async ([key, { stretch, until }]) => {
    const known = await askGroup(ports, stretch, until).catch((error) => {
      ports.onFailure({ queue: stretch.queue, row: stretch.group }, error);
      return 0;
    });
    return [key, known] as const;
  });
  return new Map(gotTo);
}

async function askGroup(
  { queueClocks, clock }: Pick<SweepPorts, 'clock' | 'queueClocks'>,
  stretch: Stretch,
  until: number,
): Promise<number> {
  let known = await queueClocks.workedOff(stretch);
  if (known < until) await queueClocks.probe(stretch, clock.now());
  for (let asked = 0; known < until && asked < ASKED_TIMES; asked++) {
    await clock.sleep(ASKED_APART_MS);
    known = await queueClocks.workedOff(stretch);
  }
  return known;
}
