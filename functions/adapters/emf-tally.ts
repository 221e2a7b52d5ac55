import type { Counted, Measured, Tally, Unsuccessful } from '../core/tally.js';

/** CloudWatch takes as many values of a metric from one line, or as many notes as fit well into it. */
const MOST_VALUES = 100;

export interface EmfTally extends Tally {
  /** Prints what was gathered since the last time; nothing, if there was nothing. */
  flush(): void;
}

/**
 * Gathers an invocation's numbers into one line of CloudWatch's embedded metric format: all measured values are in it,
 * so that percentiles are true, and the log has the ids behind the failures. The one dimension is the stage.
 * (Powertools' metrics would do as well, with 15 KB more for every cold start to load.)
 */
export function createEmfTally(stage: string, print: (line: string) => void, now: () => number): EmfTally {
  let counts = new Map<Counted, number>();
  let values = new Map<Measured, number[]>();
  let notes: Unsuccessful[] = [];

  function flush(): void {
    if (counts.size + values.size + notes.length === 0) return;
    print(emfLine({ stage, now: now(), counts, values, notes }));
    counts = new Map();
    values = new Map();
    notes = [];
  }

  return {
    count(what, times = 1) {
      if (times > 0) counts.set(what, (counts.get(what) ?? 0) + times);
    },
    measure(what, value) {
      const measured = values.get(what);
      if (measured === undefined) values.set(what, [value]);
      else if (measured.push(value) === MOST_VALUES) flush();
    },
    note(unsuccessful) {
      if (notes.push(unsuccessful) === MOST_VALUES) flush();
    },
    flush,
  };
}

interface Gathered {
  readonly stage: string;
  readonly now: number;
  readonly counts: ReadonlyMap<Counted, number>;
  readonly values: ReadonlyMap<Measured, readonly number[]>;
  readonly notes: readonly Unsuccessful[];
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
function emfLine({ stage, now, counts, values, notes }: Gathered): string {
  const Metrics = [
    ...[...counts.keys()].map((Name) => ({ Name, Unit: 'Count' })),
    ...[...values.keys()].map((Name) => ({ Name, Unit: 'Milliseconds' })),
  ];
  const metrics = { Namespace: 'Punctual', Dimensions: [['stage']], Metrics };
  return JSON.stringify({
    _aws: { Timestamp: now, CloudWatchMetrics: Metrics.length > 0 ? [metrics] : [] },
    stage,
    ...Object.fromEntries(counts),
    ...Object.fromEntries(values),
    ...(notes.length > 0 && { unsuccessful: notes }),
  });
}
