import { mapBounded } from '../../primitives/map-bounded.js';
import type { Project } from '../../subjects/projects/project.js';
import {
  MISSED_MS,
  type Position,
  QUEUES,
  type QueueName,
  type QueueTimes,
  type Round,
  type SweepPorts,
} from './sweep-ports.js';
import { sweepProject } from './sweep-project.js';

/** Projects that are checked concurrently. */
const SIDE_BY_SIDE = 20;
/** Projects between two writes of the round's position. */
const AT_ONCE = 200;
/** If more projects than this fail, the cause is not in the projects. */
const MOST_BEHIND = 1_000;
/** A queue without a backlog delivers a probe at once. A queue that takes longer is asked again in the next round. */
const ASKED_TIMES = 20;
const ASKED_APART_MS = 500;

/** Sends a probe through each queue; `sweep` reads the answers later. */
export async function sendProbes(ports: Pick<SweepPorts, 'clock' | 'onFailure' | 'queueClocks'>): Promise<number> {
  const sentAt = ports.clock.now();
  const send = (queue: QueueName) => ports.queueClocks.probe({ queue }, sentAt);
  await Promise.all(QUEUES.map((queue) => send(queue).catch((error) => ports.onFailure({ queue }, error))));
  return sentAt;
}

/**
 * Checks all projects, some concurrently, and regularly stores its position. The next invocation continues with the
 * same moments. After a death some projects are checked again. Of two rounds at a time one gives up.
 * @param probedAt when the probes were sent whose answers say how far the queues are worked off
 * @returns whether the round is over
 */
export async function sweep(ports: SweepPorts, probedAt: number, isTimeUp: () => boolean): Promise<boolean> {
  for (;;) {
    const last = await ports.sweep.round();
    const isNew = last === undefined || last.isOver;
    const begun = isNew ? nextRound(last, ports.clock.now(), await askQueues(ports, probedAt)) : last;
    const isOver = await lookAround(ports, begun, isTimeUp);
    if (isNew || !isOver) return isOver;
  }
}

function nextRound(last: Round | undefined, now: number, queues: QueueTimes): Round {
  // The very first round checks everything.
  const from = last?.until ?? { made: 0, due: NEVER, listed: NEVER };
  const times = timesOf((queue) => Math.max(queues[queue], from.due[queue]));
  const until = { made: Math.max(from.made, now - MISSED_MS), due: times, listed: times };
  return { version: last?.version ?? 0, isOver: false, from, until, behind: last?.behind ?? {} };
}

/** How far the queues are worked off, after a short wait for the probes. */
async function askQueues(
  { queueClocks, clock }: Pick<SweepPorts, 'clock' | 'queueClocks'>,
  probedAt: number,
): Promise<QueueTimes> {
  const ask = () => Promise.all(QUEUES.map((queue) => queueClocks.workedOff({ queue })));
  let times = await ask();
  for (let asked = 0; asked < ASKED_TIMES && times.some((time) => time < probedAt); asked++) {
    await clock.sleep(ASKED_APART_MS);
    times = await ask();
  }
  return timesOf((queue) => times[QUEUES.indexOf(queue)]!);
}

async function lookAround(ports: SweepPorts, begun: Round, isTimeUp: () => boolean): Promise<boolean> {
  const all = (await ports.lists.projects()).filter(({ deleted_at }) => deleted_at === undefined);
  const behind = Object.fromEntries(all.flatMap(({ id }) => (begun.behind[id] ? [[id, begun.behind[id]]] : [])));
  let round: Round = { ...begun, behind };
  const put = async (next: Round): Promise<boolean> => {
    round = { ...next, version: round.version + 1 };
    return ports.sweep.putRound(round);
  };
  if (!(await put(round))) return false;
  const projects = all.filter(({ id }) => round.after === undefined || id < round.after);
  for (let start = 0; start < projects.length; start += AT_ONCE) {
    if (isTimeUp()) return false;
    const next = await lookAtSome(ports, round, projects.slice(start, start + AT_ONCE), isTimeUp);
    if (!(await put(next))) return false;
    if (next.after !== projects[Math.min(start + AT_ONCE, projects.length) - 1]!.id) return false;
  }
  const { after: _last, ...over } = round;
  if (!(await put({ ...over, isOver: true }))) return false;
  ports.metrics.count('swept');
  return true;
}

/** The round after these projects; `after` is the last that is done before any that is not. */
async function lookAtSome(
  ports: SweepPorts,
  round: Round,
  projects: readonly Project[],
  isTimeUp: () => boolean,
): Promise<Round> {
  const { from, until } = round;
  const positions = await mapBounded(projects, SIDE_BY_SIDE, (project) =>
    sweepProject(ports, project, round.behind[project.id] ?? from, until, isTimeUp),
  );
  const undone = isTimeUp() ? positions.findIndex((position) => position !== until) : -1;
  const end = undone < 0 ? projects.length : undone;
  const behind: Record<string, Position> = { ...round.behind };
  for (const [index, { id }] of projects.entries()) {
    const position = positions[index]!;
    if (index < end && position === until) delete behind[id];
    // Projects after the end are checked again: a project that is done already has nothing left to check.
    else behind[id] = position;
  }
  const count = Object.keys(behind).length;
  if (count > MOST_BEHIND) throw new Error(`${count} projects could not be looked at`);
  const after = projects[end - 1]?.id ?? round.after;
  return { ...round, behind, ...(after !== undefined && { after }) };
}

function timesOf(of: (queue: QueueName) => number): QueueTimes {
  return { fast: of('fast'), slow: of('slow'), 'wake-ups': of('wake-ups') };
}

const NEVER = timesOf(() => 0);
