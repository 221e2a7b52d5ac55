import { type Axis, chartSvg, type Point } from './chart.js';
import type { Followed, FollowedTreatment } from './follow-all.js';
import type { Outcome } from './simulate.js';

/** The pictures of docs/scaling, by file name. */
export function curvesOf({ sizes, tasks, schedules }: Followed): Record<string, string> {
  const named = (followed: readonly FollowedTreatment[], names: readonly string[]) =>
    names.map((name) => followed.find(({ treatment }) => treatment.name === name)!);
  const lines = (followed: readonly FollowedTreatment[], pointsOf: (one: FollowedTreatment) => Point[]) =>
    followed.map((one) => ({ name: one.treatment.name, points: pointsOf(one) }));
  const last = ({ bySize }: FollowedTreatment) =>
    bySize.map((lateness, index): Point => [sizes[index]!, lateness.last]);
  const chosenTasks = named(tasks, SHOWN_TASKS);
  return {
    'crowds-of-tasks.svg': chartSvg({
      title: 'Tasks due at the same moment',
      across: RUNS,
      up: { ...TIME, label: 'the last task is called so late' },
      lines: lines(chosenTasks, last),
    }),
    'crowd-of-100000-tasks.svg': chartSvg({
      title: '100,000 tasks due at the same moment',
      across: { ...TIME, label: 'time since the due moment' },
      up: SHARE,
      lines: lines(chosenTasks, ({ bySize }) => calledBy(bySize[sizes.indexOf(SHOWN_SIZE)]!.outcome)),
    }),
    'crowds-of-schedules.svg': chartSvg({
      title: 'Schedules that fire at the same moment',
      across: RUNS,
      up: { ...TIME, label: '99 % of the runs are called within' },
      lines: lines(named(schedules, SHOWN_SCHEDULES), ({ bySize }) =>
        bySize.map(({ most }, index): Point => [sizes[index]!, most]),
      ),
    }),
  };
}

const SHOWN_SIZE = 100_000;
const SHOWN_TASKS = [
  'as `prod` ships',
  '50 pollers',
  '4 shards',
  '4 shards, 10 pollers',
  '16 shards, 50 pollers, warm',
  '40 shards, 100 pollers, warm, raised quota',
];
const SHOWN_SCHEDULES = [
  'as `prod` ships',
  '10 + 10 pollers',
  '`jitter_seconds` 60',
  '`jitter_seconds` 600',
  '10 + 10 pollers, 4 projects',
  '10 + 10 pollers, 4 projects, jitter 600',
];

const RUNS: Axis = {
  label: 'runs in the crowd',
  from: 1_000,
  to: 1_000_000,
  logarithmic: true,
  ticks: [1_000, 10_000, 100_000, 1_000_000].map((at) => ({ at, text: at.toLocaleString('en-US') })),
};
const TIME: Omit<Axis, 'label'> = {
  from: 1,
  to: 3_600 * 1.5,
  logarithmic: true,
  ticks: [
    { at: 1, text: '≤ 1 s' },
    { at: 10, text: '10 s' },
    { at: 60, text: '1 min' },
    { at: 600, text: '10 min' },
    { at: 3_600, text: '1 h' },
  ],
};
const SHARE: Axis = {
  label: 'share of the tasks that are called',
  from: 0,
  to: 100,
  logarithmic: false,
  ticks: [0, 25, 50, 75, 100].map((at) => ({ at, text: `${at} %` })),
};
/** Points of a curve: more are not seen. */
const POINTS = 120;

/** The share of calls, in per cent, by the time since the due moment. */
function calledBy({ calls }: Outcome): Point[] {
  const total = calls.reduce((sum, { count }) => sum + count, 0);
  const points: Point[] = [];
  let called = 0;
  let shown = 0;
  for (const { late, count } of calls) {
    called += count;
    const isLast = called === total;
    if (points.length > 0 && !isLast && called - shown < total / POINTS) continue;
    points.push([late, (100 * called) / total]);
    shown = called;
  }
  return points;
}
