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
  /** How many times faster than the clock EventBridge schedules come due: 1 unless somebody is in a hurry. */
  readonly schedulerSpeed?: number;
  /** One in so many messages and schedules is lost, although it was taken; by default none. */
  readonly losesOneIn?: number;
}

/** What makes the local stack as unkind as AWS may be, each part from a stream of chance of its own. */
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

/** A standard queue is in no order and delivers at least once, also what has been deleted; delays end late, never early. */
function queueWeather(random: Random): QueueWeather {
  return {
    lateMs: () => (random.chance(0.1) ? random.between(0, 2_000) : 0),
    againMs: () => (random.chance(0.02) ? random.between(0, 1_500) : undefined),
  };
}

/** EventBridge Scheduler promises a minute, and at least one invocation. */
const SCHEDULER_PRECISION_MS = 60_000;

/** By the schedule's name and not by draw: asked a hundred times, a schedule is due at one moment. */
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

/** Mostly a replica is not behind at all. */
function readLag(random: Random): ReadLag {
  return () => (random.chance(0.3) ? random.between(1, 1_000) : 0);
}

/** Usually within a second, and now and then not. */
function indexLag(random: Random): IndexLag {
  return () => (random.chance(0.05) ? random.between(500, 2_000) : random.between(0, 200));
}
