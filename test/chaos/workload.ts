import { type Random, randomFrom } from '../../local/chaos/random.js';
import type { Answer } from './answers.js';

/** Kinds of endpoints, each with its own fortune. */
export type Kind = 'steady' | 'flaky' | 'doomed' | 'picky' | 'far' | 'inline' | 'heard' | AwsKind;

/** Services of AWS, by the names of their resources. */
type AwsKind = 'topic' | 'function' | 'trial' | 'bus' | 'machine';

/** What a client does to its task run later on, besides creating it. */
export type Meddling = 'cancel' | 'run now' | 'give up';

export interface PlannedTask {
  /** Its number, which the payload carries. */
  readonly task: number;
  readonly kind: Kind;
  readonly payload: unknown;
  readonly delay_seconds?: number;
  readonly meddling?: Meddling;
  /** It comes in through the intake queue. */
  readonly intake?: boolean;
}

interface EndpointPlan {
  /** Of all tasks. */
  readonly share: number;
  readonly timeout_ms: number;
  /** Delays in seconds; one attempt more than delays. */
  readonly delays: readonly number[];
  readonly retry_on_statuses?: readonly string[];
  /** In place of a URL. */
  readonly target?: { readonly type: string; readonly arn: string };
}

/** Beyond fifteen minutes a wake-up is an EventBridge schedule. */
const FAR_SECONDS = 1_000;
const AT_ONCE = [0, 0, 0, 0, 0, 0, 0];

const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:000000000000:${resource}`;

export const ENDPOINTS: Readonly<Record<Kind, EndpointPlan>> = {
  steady: { share: 0.4, timeout_ms: 2_000, delays: AT_ONCE },
  flaky: { share: 0.26, timeout_ms: 500, delays: AT_ONCE },
  doomed: { share: 0.08, timeout_ms: 500, delays: [0, 1] },
  picky: { share: 0.04, timeout_ms: 2_000, delays: AT_ONCE, retry_on_statuses: ['5xx'] },
  far: { share: 0.04, timeout_ms: 2_000, delays: [FAR_SECONDS, 0, 0, 0, 0] },
  inline: { share: 0.08, timeout_ms: 2_000, delays: AT_ONCE },
  heard: { share: 0.1, timeout_ms: 2_000, delays: AT_ONCE },
  topic: { share: 0, timeout_ms: 500, delays: AT_ONCE, target: { type: 'sns', arn: arn('sns', 'topic') } },
  function: {
    share: 0,
    timeout_ms: 500,
    delays: AT_ONCE,
    target: { type: 'lambda', arn: arn('lambda', 'function:function') },
  },
  trial: { share: 0, timeout_ms: 2_000, delays: AT_ONCE, target: { type: 'sqs', arn: arn('sqs', 'trial') } },
  bus: {
    share: 0,
    timeout_ms: 500,
    delays: AT_ONCE,
    target: { type: 'eventbridge', arn: arn('events', 'event-bus/bus') },
  },
  machine: {
    share: 0,
    timeout_ms: 500,
    delays: AT_ONCE,
    target: { type: 'stepfunctions', arn: arn('states', 'stateMachine:machine') },
  },
};
/** Tasks of the last kind are made by an event of this name. */
export const EVENT_NAME = 'chaos.heard';

const GOOD: readonly Answer[] = ['ok', 'slow'];
const BAD: readonly Answer[] = ['unavailable', 'tooMany', 'redirect', 'reset', 'hang', 'malformed', 'brokenOff'];

/** An SDK reads an answer to its end. */
const OF_A_SERVICE: readonly Answer[] = [...BAD, 'dripping', ...GOOD, ...GOOD, ...GOOD, ...GOOD];

/** Among what the receiver chooses its answer to an attempt. `mended` is where the doomed ones go in the end. */
export const EXPECTED_ANSWERS: Readonly<Record<Kind | 'mended', (attempt: number) => readonly Answer[]>> = {
  steady: () => GOOD,
  flaky: () => [...BAD, 'dripping', 'endless', 'endless', 'ok', 'ok', 'ok', 'ok', 'slow', 'slow'],
  doomed: () => BAD,
  picky: () => ['notFound'],
  far: (attempt) => (attempt === 1 ? ['unavailable'] : GOOD),
  inline: () => ['unavailable', 'reset', ...GOOD, ...GOOD],
  heard: () => ['unavailable', 'reset', ...GOOD, ...GOOD],
  topic: () => OF_A_SERVICE,
  function: () => OF_A_SERVICE,
  trial: () => ['ok'],
  bus: () => OF_A_SERVICE,
  machine: () => OF_A_SERVICE,
  mended: () => GOOD,
};

const CANCELLED = 0.04;
const DELAYED = 0.1;
const LARGE = 0.05;
const LARGEST_PADDING = 30_000;

/** The tasks that a seed makes. */
export function planTasks(seed: number, count: number): PlannedTask[] {
  return Array.from({ length: count }, (_, task) => planTask(task, randomFrom(seed, `task ${task}`)));
}

function planTask(task: number, random: Random): PlannedTask {
  const kind = drawKind(random);
  const padding = random.chance(LARGE) ? random.pick(['é', 'x', '🦊']).repeat(random.between(0, LARGEST_PADDING)) : '';
  const meddling = kind === 'far' ? random.pick<Meddling>(['run now', 'run now', 'give up', 'cancel']) : undefined;
  return {
    task,
    kind,
    payload: { task, ...(padding && { padding }) },
    ...(random.chance(DELAYED) && kind !== 'heard' && { delay_seconds: random.between(1, 40) / 10 }),
    ...(meddling ? { meddling } : random.chance(CANCELLED) && { meddling: 'cancel' as const }),
  };
}

function drawKind(random: Random): Kind {
  let left = random.next();
  for (const [kind, { share }] of Object.entries(ENDPOINTS) as [Kind, EndpointPlan][]) {
    left -= share;
    if (left < 0) return kind;
  }
  return 'steady';
}

const BY_INTAKE = 0.2;
const TO_AWS = 0.5;
const AWS_KINDS: readonly AwsKind[] = ['topic', 'function', 'trial', 'bus', 'machine'];

/** Some of the steady ones come in through the intake queue, and some go to services of AWS. */
export function throughAws(seed: number, tasks: readonly PlannedTask[]): PlannedTask[] {
  return tasks.map((task) => {
    const random = randomFrom(seed, `aws ${task.task}`);
    if (task.kind !== 'steady') return task;
    if (!task.meddling && random.chance(BY_INTAKE)) return { ...task, intake: true };
    return random.chance(TO_AWS) ? { ...task, kind: random.pick(AWS_KINDS) } : task;
  });
}

const LARGEST_BATCH = 40;

/** How the client sends them: a good part alone, the others in batches. */
export function inRequests(seed: number, tasks: readonly PlannedTask[]): PlannedTask[][] {
  const random = randomFrom(seed, 'requests');
  const requests: PlannedTask[][] = [];
  for (let from = 0; from < tasks.length; from += requests.at(-1)!.length)
    requests.push(tasks.slice(from, from + (random.chance(0.8) ? 1 : random.between(2, LARGEST_BATCH))));
  return requests;
}
