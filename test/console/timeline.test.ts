import { spanFor, type TimelineFacts, timelineOf } from '../../console/pages/schedules/timeline.js';

const NOW = Date.parse('2027-01-15T12:00:00.000Z');
const MINUTE = 60_000;

type Run = TimelineFacts['runs'][number];

/** A run that was due some minutes ago; of a schedule unless it was made by hand. */
function run(id: string, minutesAgo: number, more: Partial<Run> & { readonly tookMinutes?: number } = {}): Run {
  const { tookMinutes = 0, ...fields } = more;
  const due = NOW - minutesAgo * MINUTE;
  const at = new Date(due).toISOString();
  const finished_at = new Date(due + tookMinutes * MINUTE).toISOString();
  return {
    id,
    status: 'success',
    source: { type: 'schedule', id: 's' },
    run_at: at,
    created_at: at,
    finished_at,
    ...fields,
  };
}

const ago = (...minutes: number[]) => minutes.map((one) => NOW - one * MINUTE);
const told = (facts: Partial<TimelineFacts>) =>
  timelineOf({ runs: [], starts: new Map(), fires: [], now: NOW, since: 0, left: Infinity, ...facts });

test('an occurrence without a run is missed, unless it is older than the settings, or may not be shown yet', () => {
  const { missed } = told({ runs: [run('a', 20)], fires: ago(40, 30, 20, 10, 0.5), since: NOW - 35 * MINUTE });
  expect(missed).toEqual(ago(30, 10));
});

test('a run by hand at the moment of an occurrence is no run of the occurrence; one put off by jitter is', () => {
  const byHand = run('a', 20, { source: { type: 'manual', id: 's' } });
  const put = { ...run('b', 10), run_at: new Date(NOW - 8 * MINUTE).toISOString() };
  expect(told({ runs: [byHand, put], fires: ago(20, 10) }).missed).toEqual(ago(20));
});

test('a run that is still going when the next one is due overlaps it, and is in another lane', () => {
  const running = run('c', 5, { status: 'running', finished_at: null });
  const { bars, lanes } = told({ runs: [running, run('b', 10, { tookMinutes: 1 }), run('a', 15, { tookMinutes: 6 })] });
  expect(bars.map(({ id, overlaps, lane }) => [id, overlaps, lane])).toEqual([
    ['a', true, 0],
    ['b', false, 1],
    ['c', false, 0],
  ]);
  expect(bars[2]!.to).toBe(NOW);
  expect(lanes).toBe(2);
});

test('a call is late if it started seconds after its due moment; where its start is not known, it is not said', () => {
  const starts = new Map([
    ['a', NOW - 20 * MINUTE + 30_000],
    ['b', NOW - 10 * MINUTE + 40],
  ]);
  const { bars } = told({ runs: [run('a', 20), run('b', 10), run('c', 5)], starts });
  expect(bars.map(({ lateMs }) => lateMs)).toEqual([30_000, 0, 0]);
});

test('the next ones are those that the schedule has runs left for', () => {
  const fires = ago(10, -10, -20, -30);
  expect(told({ fires, left: 2 }).next).toEqual(ago(-10, -20));
  expect(told({ fires, left: 0 }).next).toEqual([]);
});

test('a run that is due later is no bar', () => {
  expect(told({ runs: [run('a', -10, { status: 'pending', finished_at: null })] }).bars).toEqual([]);
});

test('the axis is as long as a few of the next occurrences need', () => {
  expect(spanFor(ago(-1, -2, -3, -4), NOW)).toBe(300);
  expect(spanFor(ago(-1440, -2880, -4320), NOW)).toBe(604_800);
  expect(spanFor(ago(-10, -20, -30, -40), NOW)).toBe(3_600);
  expect(spanFor(ago(-1440), NOW)).toBe(86_400);
  expect(spanFor(ago(-600_000), NOW)).toBe(31_536_000);
  expect(spanFor([], NOW)).toBe(604_800);
});
