import type { Counted, Measured, Metrics, Unsuccessful } from '../primitives/metrics.js';
import { readEnv, stageEnv } from './env.js';

/** Most values of a metric in one line, which is CloudWatch's limit, and most notes in one line. */
const MOST_VALUES = 100;
/** Most lines of `flushSeldom` a second. A busy environment of the API serves some 17 requests a second. */
const LINES_PER_SECOND = 3;

export interface EmfMetrics extends Metrics {
  /** Prints the numbers gathered since the last line; no line without numbers. */
  flush(): void;
  /**
   * As `flush`, but at most three lines a second: further numbers wait for the first call of the next second and keep
   * their own moment. The last second's numbers are lost if the environment is never called again.
   */
  flushSeldom(): void;
}

/**
 * Gathers an invocation's numbers into one line of CloudWatch's embedded metric format. The line has all measured
 * values, so that percentiles are exact, and the ids behind failures. The one dimension is the stage. Powertools'
 * metrics would add 15 KB to every cold start.
 */
export function createEmfMetrics(stage: string, print: (line: string) => void, now: () => number): EmfMetrics {
  let counts = new Map<Counted, number>();
  let values = new Map<Measured, number[]>();
  let notes: Unsuccessful[] = [];
  let countedAt = 0;
  let second = { end: 0, lines: 0 };

  const isEmpty = () => counts.size + values.size + notes.length === 0;

  function flush(): void {
    if (isEmpty()) return;
    print(emfLine({ stage, at: countedAt, counts, values, notes }));
    counts = new Map();
    values = new Map();
    notes = [];
  }

  return {
    count(what, times = 1) {
      if (times === 0) return;
      counts.set(what, (counts.get(what) ?? 0) + times);
      countedAt = now();
    },
    measure(what, value) {
      countedAt = now();
      const measured = values.get(what);
      if (measured === undefined) values.set(what, [value]);
      else if (measured.push(value) === MOST_VALUES) flush();
    },
    note(unsuccessful) {
      countedAt = now();
      if (notes.push(unsuccessful) === MOST_VALUES) flush();
    },
    flush,
    flushSeldom() {
      if (isEmpty()) return;
      if (now() >= second.end) second = { end: now() + 1_000, lines: 0 };
      if (second.lines < LINES_PER_SECOND) flush();
      second.lines++;
    },
  };
}

interface Gathered {
  readonly stage: string;
  /** The moment of the last count, in Unix milliseconds. */
  readonly at: number;
  readonly counts: ReadonlyMap<Counted, number>;
  readonly values: ReadonlyMap<Measured, readonly number[]>;
  readonly notes: readonly Unsuccessful[];
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
function emfLine({ stage, at, counts, values, notes }: Gathered): string {
  const definitions = [
    ...[...counts.keys()].map((Name) => ({ Name, Unit: 'Count' })),
    ...[...values.keys()].map((Name) => ({ Name, Unit: 'Milliseconds' })),
  ];
  const directive = { Namespace: 'Punctual', Dimensions: [['stage']], Metrics: definitions };
  return JSON.stringify({
    _aws: { Timestamp: at, CloudWatchMetrics: definitions.length > 0 ? [directive] : [] },
    stage,
    ...Object.fromEntries(counts),
    ...Object.fromEntries(values),
    ...(notes.length > 0 && { unsuccessful: notes }),
  });
}

/** Written to stdout directly: Lambda's console wraps lines as JSON, and CloudWatch would read no metrics from them. */
const print = (line: string) => void process.stdout.write(`${line}\n`);

/** Numbers of the current invocation: an execution environment runs one invocation at a time. */
export const metrics = createEmfMetrics(readEnv(stageEnv).STAGE, print, Date.now);

/**
 * The handler, which prints its numbers however it ends: one line per invocation, never one per delivery. `tell`
 * replaces `metrics.flush`.
 */
export function counting<Args extends unknown[], Result>(
  handler: (...args: Args) => Promise<Result>,
  tell = metrics.flush,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    try {
      return await handler(...args);
    } finally {
      tell();
    }
  };
}
