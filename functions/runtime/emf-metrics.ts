import type { Counted, Measured, Metrics, Unsuccessful } from '../primitives/metrics.js';

/** CloudWatch takes as many values of a metric from one line, or as many notes as fit well into it. */
const MOST_VALUES = 100;
/** Of lines that need not come at once. An environment of the API serves some 17 requests a second when it is busy. */
const LINES_PER_SECOND = 3;

export interface EmfMetrics extends Metrics {
  /** Prints what was gathered since the last time; nothing, if there was nothing. */
  flush(): void;
  /**
   * The same, but three lines a second at most: what is beyond that waits for the first call of the next second, under the
   * moment when it was counted. An environment that is never called again loses the counts of its last second.
   */
  flushSeldom(): void;
}

/**
 * Gathers an invocation's numbers into one line of CloudWatch's embedded metric format: all measured values are in it,
 * so that percentiles are true, and the log has the ids behind the failures. The one dimension is the stage.
 * (Powertools' metrics would do as well, with 15 KB more for every cold start to load.)
 */
export function createEmfMetrics(source: Source, print: (line: string) => void, now: () => number): EmfMetrics {
  let counts = new Map<Counted, number>();
  let values = new Map<Measured, number[]>();
  let notes: Unsuccessful[] = [];
  let countedAt = 0;
  let second = { end: 0, lines: 0 };

  const isEmpty = () => counts.size + values.size + notes.length === 0;

  function flush(): void {
    if (isEmpty()) return;
    print(emfLine({ ...source, at: countedAt, counts, values, notes }));
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

/** Who prints. The version is no dimension, but names a bad deploy in *Logs Insights*. */
interface Source {
  readonly stage: string;
  readonly version: string;
}

interface Gathered extends Source {
  /** When the last of it was counted. */
  readonly at: number;
  readonly counts: ReadonlyMap<Counted, number>;
  readonly values: ReadonlyMap<Measured, readonly number[]>;
  readonly notes: readonly Unsuccessful[];
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
function emfLine({ stage, version, at, counts, values, notes }: Gathered): string {
  const definitions = [
    ...[...counts.keys()].map((Name) => ({ Name, Unit: 'Count' })),
    ...[...values.keys()].map((Name) => ({ Name, Unit: 'Milliseconds' })),
  ];
  const directive = { Namespace: 'Punctual', Dimensions: [['stage']], Metrics: definitions };
  return JSON.stringify({
    _aws: { Timestamp: at, CloudWatchMetrics: definitions.length > 0 ? [directive] : [] },
    stage,
    version,
    ...Object.fromEntries(counts),
    ...Object.fromEntries(values),
    ...(notes.length > 0 && { unsuccessful: notes }),
  });
}
