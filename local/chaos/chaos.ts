import type { IndexLag } from '../dynamodb/lagging-indexes.js';
import type { ReadLag } from '../dynamodb/lagging-reads.js';
import type { Interceptor } from '../interception.js';
import type { TimerWeather } from '../scheduler/clockwork.js';
import type { QueueWeather } from '../sqs/broker.js';
import { awsFaults } from './aws-faults.js';
import { type Random, randomFrom } from './random.js';
import { losing } from './storms.js';

export interface ChaosOptions {
  /** The same seed draws the same faults. */
  readonly seed: number;
  /** Factor by which EventBridge schedules come due faster than the clock; by default 1. */
  readonly schedulerSpeed?: number;
  /** One in this many accepted messages and schedules is lost; by default none. */
  readonly losesOneIn?: number;
}

/** The faults that AWS may show, each part from its own stream of random numbers. */
export interface Chaos {
  readonly intercept: Interceptor;
  readonly queues: QueueWeather;
  readonly timers: TimerWeather;
  readonly indexLag: IndexLag;
  readonly readLag: ReadLag;
}

export function createChaos({ seed, schedulerSpeed = 1, losesOneIn }: ChaosOptions): Chaos {
  const faults = awsFaults(randomFrom(seed, 'aws'));
  const losses = losesOneIn ? losing(losesOneIn, randomFrom(seed, 'losses').next) : passing;
  return {
    intercept: (call, forward) => faults(call, () => losses(call, forward)),
    queues: queueWeather(randomFrom(seed, 'queues')),
    timers: timerWeather(seed, schedulerSpeed),
    indexLag: indexLag(randomFrom(seed, 'indexes')),
    readLag: readLag(randomFrom(seed, 'reads')),
  };
}

const passing: Interceptor = (_call, forward) => forward();

/** A standard queue is unordered and at-least-once, for deleted messages too; delays end late, never early. */
function queueWeather(random: Random): QueueWeather {
  return {
    lateMs: () => (random.chance(0.1) ? random.between(0, 2_000) : 0),
    againMs: () => (random.chance(0.02) ? random.between(0, 1_500) : undefined),
  };
}

/** EventBridge Scheduler promises a precision of a minute, and at least one invocation. */
const SCHEDULER_PRECISION_MS = 60_000;

/** A schedule's lateness follows from its name, not from a draw, so that its moment is the same at every call. */
function timerWeather(seed: number, speed: number): TimerWeather {
  const doubled = randomFrom(seed, 'doubled');
  return {
    firesAt(arn, armedAt, due) {
      const shift = randomFrom(seed, arn).between(-SCHEDULER_PRECISION_MS, SCHEDULER_PRECISION_MS);
      return armedAt + Math.max(0, due + shift - armedAt) / speed;
    },
    firesTwice: () => doubled.chance(0.1),
  };
}

/** Most reads do not lag. */
function readLag(random: Random): ReadLag {
  return () => (random.chance(0.3) ? random.between(1, 1_000) : 0);
}

/** Most index updates lag up to 200 ms, a few up to two seconds. */
function indexLag(random: Random): IndexLag {
  return () => (random.chance(0.05) ? random.between(500, 2_000) : random.between(0, 200));
}
