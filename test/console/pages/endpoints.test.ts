import { type CountedAttempt, recentAttempts } from '../../../console/pages/endpoints/recent-attempts.js';

const NOW = Date.parse('2027-01-15T12:00:00.000Z');

function attempt(secondsAgo: number, latency_ms: number, message?: string): CountedAttempt {
  const error = message === undefined ? null : { code: 'http_status', message };
  const started_at = new Date(NOW - secondsAgo * 1000).toISOString();
  return { status: message ? 'failed' : 'success', http_status: null, latency_ms, started_at, error };
}

test('an endpoint without an attempt has no ratio and no latency', () => {
  expect(recentAttempts([], NOW)).toEqual({ count: 0, success: 0, p50: null, p95: null, errors: [], rate: 0 });
});

test('the newest attempts give success, percentiles, errors by message, and the rate of the last minute', () => {
  const good = Array.from({ length: 18 }, (_, n) => attempt(100 + n, n + 1));
  const attempts = [attempt(3, 900, 'answered 503'), ...good, attempt(200, 1_000, 'answered 503')];
  expect(recentAttempts(attempts, NOW)).toEqual({
    count: 20,
    success: 18,
    p50: 10,
    p95: 900,
    errors: [{ message: 'answered 503', count: 2, last: attempts[0]!.started_at }],
    rate: 1 / 60,
  });
});
