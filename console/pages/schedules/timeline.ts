import type { components } from '../../api/schema.js';

type Run = Pick<components['schemas']['TaskRun'], 'id' | 'status' | 'source' | 'run_at' | 'created_at' | 'finished_at'>;

export interface TimelineFacts {
  readonly runs: readonly Run[];
  /** When the first call of a run started, where that is known. */
  readonly starts: ReadonlyMap<string, number | undefined>;
  /** Occurrences of the schedule as it is now, before and after `now`. */
  readonly fires: readonly number[];
  readonly now: number;
  /** The schedule has its settings since then, and `runs` has all its runs since then. */
  readonly since: number;
  /** How many runs are left to the schedule. */
  readonly left: number;
}

/** A run from its due moment to its end, or to now. */
export interface Bar {
  readonly id: string;
  readonly status: Run['status'];
  readonly from: number;
  readonly to: number;
  /** The first call; undefined where it is not known. */
  readonly started: number | undefined;
  /** Milliseconds after the due moment; 0 unless the call was late. */
  readonly lateMs: number;
  /** It was still going when the next one was due. */
  readonly overlaps: boolean;
  /** Bars that overlap are in lanes below one another. */
  readonly lane: number;
}

export interface Timeline {
  readonly bars: readonly Bar[];
  /** Occurrences without a task run. */
  readonly missed: readonly number[];
  readonly next: readonly number[];
  readonly lanes: number;
}

/** A call that starts this long after its due moment is late. */
const LATE_MS = 5_000;
/** An occurrence this new may have a run that the list does not show yet. */
const FRESH_MS = 60_000;
/** Further overlapping bars share the last lane. */
const MOST_LANES = 4;

/** What became of the occurrences of a schedule, and what comes next. */
export function timelineOf({ runs, starts, fires, now, since, left }: TimelineFacts): Timeline {
  const begun = runs.filter(({ run_at }) => Date.parse(run_at) <= now).sort((a, b) => (a.run_at < b.run_at ? -1 : 1));
  const bars = inLanes(begun.map((run, at) => barOf(run, begun[at + 1], starts.get(run.id), now)));
  // A run of a schedule counts as created at its occurrence.
  const made = new Set(
    runs.filter(({ source }) => source.type === 'schedule').map(({ created_at }) => Date.parse(created_at)),
  );
  return {
    bars,
    missed: fires.filter((at) => at >= since && at < now - FRESH_MS && !made.has(at)),
    next: fires.filter((at) => at > now).slice(0, left),
    lanes: Math.max(1, ...bars.map(({ lane }) => lane + 1)),
  };
}

function barOf(run: Run, following: Run | undefined, started: number | undefined, now: number): Bar {
  const from = Date.parse(run.run_at);
  const to = Math.max(from, run.finished_at === null ? now : Date.parse(run.finished_at));
  const lateMs = started !== undefined && started - from > LATE_MS ? started - from : 0;
  const overlaps = run.status !== 'skipped' && following !== undefined && Date.parse(following.run_at) < to;
  return { id: run.id, status: run.status, from, to, started, lateMs, overlaps, lane: 0 };
}

/** Each bar in the first lane that is free at its begin. */
function inLanes(bars: readonly Bar[]): readonly Bar[] {
  const ends: number[] = [];
  return bars.map((bar) => {
    const free = ends.findIndex((end) => end <= bar.from);
    const lane = free === -1 ? Math.min(ends.length, MOST_LANES - 1) : free;
    ends[lane] = Math.max(ends[lane] ?? 0, bar.to);
    return { ...bar, lane };
  });
}

/** Half of the axis, in seconds, with its name; `now` is in the middle. */
export const SPANS = [
  [300, '5 minutes'],
  [3_600, 'an hour'],
  [21_600, '6 hours'],
  [86_400, 'a day'],
  [604_800, 'a week'],
  [2_592_000, '30 days'],
  [31_536_000, 'a year'],
] as const;

const WITHOUT_NEXT = 604_800;

/** The shortest span that has room for three of the next occurrences; the same while time goes on. */
export function spanFor(next: readonly number[], now: number): number {
  const [first, ...later] = next.slice(0, 3);
  if (first === undefined) return WITHOUT_NEXT;
  const lengthMs = (later.at(-1) ?? first) - (later.length > 0 ? first : now);
  return (SPANS.find(([seconds]) => lengthMs <= seconds * 1000) ?? SPANS.at(-1)!)[0];
}
