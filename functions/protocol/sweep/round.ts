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

/** Projects looked at side by side. */
const SIDE_BY_SIDE = 20;
/** Between two writes of how far the round has come. */
const AT_ONCE = 200;
/** More projects than so many that cannot be looked at are no fault of theirs. */
const MOST_BEHIND = 1_000;
/** A queue that flows brings a probe through at once. One that takes longer is asked again in the next round. */
const ASKED_TIMES = 20;
const ASKED_APART_MS = 500;

/** A probe through each queue; the answers are asked for later. */
export async function sendProbes(ports: Pick<SweepPorts, 'clock' | 'onFailure' | 'queueClocks'>): Promise<number> {
  const sentAt = ports.clock.now();
  const send = (queue: QueueName) => ports.queueClocks.probe({ queue }, sentAt);
  await Promise.all(QUEUES.map((queue) => send(queue).catch((error) => ports.onFailure({ queue }, error))));
  return sentAt;
}

/**
 * Looks through all projects, side by side, and notes every so many how far it has come. What does not fit goes on in the
 * next invocation, with the same moments; who dies does some projects again. Of two at a time one gives up.
 * @param probedAt when the probes were sent whose answers say how far the queues have got
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
  // The first round of all looks at everything that there is.
  const from = last?.until ?? { made: 0, due: NEVER, listed: NEVER };
  const times = timesOf((queue) => Math.max(queues[queue], from.due[queue]));
  const until = { made: Math.max(from.made, now - MISSED_MS), due: times, listed: times };
  return { version: last?.version ?? 0, isOver: false, from, until, behind: last?.behind ?? {} };
}

/** How far the queues have got, once the probes have come through that do so soon. */
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
  let round = begun;
  const put = async (next: Round): Promise<boolean> => {
    round = { ...next, version: round.version + 1 };
    return ports.sweep.putRound(round);
  };
  if (!(await put(round))) return false;
  const projects = (await ports.lists.projects()).filter(({ id }) => round.after === undefined || id < round.after);
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

/** The round after that. It has come to the last of them, or, when its time is up, to the first that is not done. */
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
    // Behind the end, all come again: those that are done already have nothing left to do.
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
