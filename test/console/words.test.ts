import { ApiProblem, adviceFor, faultAt, otherFaults, problemOf } from '../../console/api/problem.js';
import { distanceText, durationText, latencyText } from '../../console/components/durations.js';
import { zonedTimes } from '../../console/pages/schedules/zoned-times.js';

test.each([
  [0, '0 s'],
  [59.6, '1 min'],
  [90, '1 min 30 s'],
  [3_600, '1 h'],
  [3_605, '1 h'],
  [93_600, '1 d 2 h'],
])('%d seconds are %s', (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});

test('latencies and distances are as short as they are clear', () => {
  expect([0.4, 999, 1_500, 125_000].map(latencyText)).toEqual(['0 ms', '999 ms', '1.5 s', '2 min 5 s']);
  expect([5_000, -7_260_000, 400].map((ms) => distanceText(1e12 + ms, 1e12))).toEqual(['in 5 s', '2 h ago', 'now']);
});

test('moments stand as the clocks of their zone show them, and where those change', () => {
  const moments = ['2027-03-27T01:30:00.000Z', '2027-03-28T01:00:00.000Z', '2027-03-29T00:30:00.000Z'];
  expect(
    zonedTimes(moments, 'Europe/Berlin').map(({ text, offset, clocksChanged }) => [text, offset, clocksChanged]),
  ).toEqual([
    ['Sat, 27 Mar 2027, 02:30:00', 'GMT+1', false],
    ['Sun, 28 Mar 2027, 03:00:00', 'GMT+2', true],
    ['Mon, 29 Mar 2027, 02:30:00', 'GMT+2', false],
  ]);
});

describe('a problem', () => {
  const problem = {
    title: 'Bad Request',
    status: 400,
    errors: [
      { pointer: '/url', message: 'Not a URL.' },
      { pointer: '/headers/X-A', message: 'Too long.' },
      { pointer: '/headers/X-B', message: 'Reserved.' },
      { pointer: '/urls', message: 'Unknown.' },
    ],
  };

  test('stands beside its field, or, where there is none, at the end', () => {
    expect(faultAt(problem, '/url')).toBe('Not a URL.');
    expect(faultAt(problem, '/headers')).toBe('Too long. Reserved.');
    expect(faultAt(problem, '/name')).toBeUndefined();
    expect(otherFaults(problem, ['/url', '/headers'])).toEqual([problem.errors[3]]);
  });

  test('is put in words whatever was thrown, with what to do about it', () => {
    expect(problemOf(new ApiProblem(problem))).toBe(problem);
    expect(problemOf(new TypeError('Failed to fetch')).title).toBe('The API cannot be reached');
    expect(problemOf('odd').detail).toBe('odd');
    for (const status of [403, 404, 409, 429, 500, 503]) expect(adviceFor({ title: '', status })).toBeDefined();
    expect(adviceFor(problem)).toBeUndefined();
  });
});
