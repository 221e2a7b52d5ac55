import { parseCron } from '../../../functions/cron/expression.js';
import { nextOccurrences } from '../../../functions/cron/occurrences.js';
import { DEAREST } from './dearest.js';
import vectors from './vectors.json';

test.each(vectors)('$group: $expr in $tz from $from', ({ expr, tz, from, next }) => {
  const occurrences = nextOccurrences(parseCron(expr), tz, Date.parse(from), next.length);
  expect(occurrences.map(({ at }) => new Date(at).toISOString())).toEqual(
    next.map((time) => new Date(time).toISOString()),
  );
});

/** Of the processor, the best of three, because the machine may be busy with something else; each read anew. */
function cheapest(run: (end: string) => void): number {
  const times = [' ', '  ', '   '].map((end) => {
    const start = process.cpuUsage();
    run(end);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

test('no expression takes 50 ms to read and to find its next time', () => {
  const cases = [...vectors.map(({ expr, tz, from }) => [expr, tz, from] as const), ...DEAREST];
  const slow = cases.filter(
    ([expr, tz, from]) => cheapest((end) => nextOccurrences(parseCron(expr + end), tz, Date.parse(from), 1)) > 50,
  );
  expect(slow).toEqual([]);
});
