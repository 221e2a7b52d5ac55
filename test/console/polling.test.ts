import { FASTEST_MS, isPassing, nextWaitMs } from '../../console/api/polling.js';
import { ApiProblem } from '../../console/api/problem.js';

const refused = (status: number, retryAfterSeconds?: number) =>
  new ApiProblem({ title: 'no', status }, retryAfterSeconds);

test('is at its fastest while things change, and never faster', () => {
  expect(nextWaitMs({ unchanged: 0, failures: 0 })).toBe(FASTEST_MS);
  for (let unchanged = 0; unchanged < 100; unchanged++)
    expect(nextWaitMs({ unchanged, failures: 0 })).toBeGreaterThanOrEqual(FASTEST_MS);
});

test('slows down while nothing changes, but not for ever', () => {
  const waits = [0, 1, 2, 3, 50].map((unchanged) => nextWaitMs({ unchanged, failures: 0 }));
  expect(waits).toEqual([2_000, 2_500, 3_125, 3_906.25, 8_000]);
  expect(nextWaitMs({ unchanged: 9, failures: 0 }, 60_000)).toBe(60_000);
});

test('backs off while the API is in trouble, and as long as it asks for', () => {
  const waits = [1, 2, 3, 9].map((failures) => nextWaitMs({ unchanged: 0, failures, error: refused(503) }));
  expect(waits).toEqual([4_000, 8_000, 16_000, 60_000]);
  expect(nextWaitMs({ unchanged: 0, failures: 1, error: refused(429, 90) })).toBe(90_000);
});

test.each([
  [refused(429), true],
  [refused(502), true],
  [new TypeError('Failed to fetch'), true],
  [refused(404), false],
  [refused(401), false],
])('whether asking again can help after %s: %s', (error, expected) => {
  expect(isPassing(error)).toBe(expected);
});
