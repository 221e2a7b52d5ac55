import fc from 'fast-check';
import type { AttemptStatus } from '../../../../functions/destinations/outcome.js';
import {
  DEFAULT_RETRY_POLICY,
  isRetryable,
  parseRetryAfter,
  type RetryPolicy,
  retryDelayMs,
  totalDelayMs,
} from '../../../../functions/subjects/retry-policies/retry-policy.js';

const policyOf = (changes: Partial<RetryPolicy>): RetryPolicy => ({ ...DEFAULT_RETRY_POLICY, ...changes });
const never = () => {
  throw new Error('no jitter, no random number');
};
const delays = (policy: RetryPolicy, count: number) =>
  Array.from({ length: count }, (_, index) => retryDelayMs(policy, index + 1, never) / 1000);

const seconds = fc.integer({ min: 0, max: 1_000_000 });
const anyPolicy: fc.Arbitrary<RetryPolicy> = fc.record({
  strategy: fc.constantFrom('fixed', 'linear', 'exponential', 'custom'),
  base_delay_seconds: seconds,
  max_delay_seconds: seconds,
  delays_seconds: fc.array(seconds, { maxLength: 8 }),
  max_attempts: fc.integer({ min: 1, max: 100 }),
  jitter: fc.constantFrom('none', 'full'),
  honor_retry_after: fc.boolean(),
});
const anyRandom = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const anyRetryAfter = fc.option(fc.integer({ min: -1, max: 10 ** 12 }), { nil: undefined });

describe('retryDelayMs', () => {
  test('the default policy waits 30 s, 2 min, 10 min, 1 h, 6 h', () => {
    expect(delays(DEFAULT_RETRY_POLICY, 5)).toEqual([30, 120, 600, 3600, 21600]);
    expect(DEFAULT_RETRY_POLICY.max_attempts).toBe(6);
  });

  test.each([
    ['fixed', [5, 5, 5, 5, 5]],
    ['linear', [5, 10, 15, 20, 25]],
    ['exponential', [5, 10, 20, 40, 60]],
    ['custom', [1, 2, 2, 2, 2]],
  ] as const)('%s', (strategy, expected) => {
    const policy = policyOf({ strategy, base_delay_seconds: 5, max_delay_seconds: 60, delays_seconds: [1, 2] });
    expect(delays(policy, 5)).toEqual(expected);
  });

  test('a custom policy without delays falls back to the base delay', () => {
    expect(delays(policyOf({ delays_seconds: [], base_delay_seconds: 7 }), 2)).toEqual([7, 7]);
  });

  test('full jitter draws between nothing and the whole delay', () => {
    const policy = policyOf({ strategy: 'fixed', base_delay_seconds: 100, jitter: 'full' });
    expect([0, 0.25, 0.5].map((drawn) => retryDelayMs(policy, 1, () => drawn))).toEqual([0, 25_000, 50_000]);
  });

  test('Retry-After lengthens a wait, up to the longest delay, and never shortens it', () => {
    const policy = policyOf({ strategy: 'fixed', base_delay_seconds: 10, max_delay_seconds: 60 });
    const waits = (settings: RetryPolicy) =>
      [3, 30, 300].map((asked) => retryDelayMs(settings, 1, never, asked * 1000) / 1000);
    expect(waits(policy)).toEqual([10, 30, 60]);
    expect(waits({ ...policy, honor_retry_after: false })).toEqual([10, 10, 10]);
  });

  test('is a whole number of milliseconds between zero and the longest delay, for any policy', () => {
    fc.assert(
      fc.property(
        anyPolicy,
        fc.integer({ min: 1, max: 5000 }),
        anyRandom,
        anyRetryAfter,
        (policy, failed, r, after) => {
          const delay = retryDelayMs(policy, failed, () => r, after);
          expect(Number.isInteger(delay)).toBe(true);
          expect(delay).toBeGreaterThanOrEqual(0);
          expect(delay).toBeLessThanOrEqual(policy.max_delay_seconds * 1000);
        },
      ),
    );
  });

  test('all waits of a budget together stay within totalDelayMs', () => {
    fc.assert(
      fc.property(anyPolicy, anyRandom, anyRetryAfter, (policy, random, after) => {
        let total = 0;
        for (let failed = 1; failed < policy.max_attempts; failed++) {
          total += retryDelayMs(policy, failed, () => random, after);
        }
        expect(total).toBeLessThanOrEqual(totalDelayMs(policy));
      }),
    );
  });

  test('totalDelayMs is exact where nothing can vary', () => {
    const hours = (30 + 120 + 600 + 3600 + 21600) * 1000;
    expect(totalDelayMs(policyOf({ honor_retry_after: false }))).toBe(hours);
    expect(totalDelayMs(policyOf({ max_attempts: 1 }))).toBe(0);
  });
});

describe('isRetryable', () => {
  const judge = (status: AttemptStatus, http_status: number | null, code = 'any') =>
    isRetryable(policyOf({ retry_on_statuses: ['5xx', '429'] }), { status, http_status, error: { code, message: '' } });

  test.each([
    ['failed', 500, true],
    ['failed', 599, true],
    ['failed', 429, true],
    ['failed', 404, false],
    ['failed', null, true],
    ['failed', 302, true],
    ['failed', 200, true],
    ['timed_out', null, true],
    ['timed_out', 404, true],
    ['blocked', null, false],
    ['cancelled', null, false],
    ['success', 200, false],
  ] as const)('%s %s: %s', (status, http_status, expected) => {
    expect(judge(status, http_status)).toBe(expected);
  });

  test.each([
    [200, 'malformed_response', false],
    [299, 'response_headers_too_large', false],
    [200, 'response_incomplete', true],
    [500, 'malformed_response', true],
    [404, 'malformed_response', false],
    [null, 'malformed_response', true],
  ] as const)('an answer of %s that is %s: %s', (http_status, code, expected) => {
    expect(judge('failed', http_status, code)).toBe(expected);
  });

  test('every status that is neither 2xx nor 508 without a list, none with an empty one', () => {
    fc.assert(
      // Of a loop, the answer is final.
      fc.property(
        fc.integer({ min: 400, max: 999 }).filter((status) => status !== 508),
        (http_status) => {
          const outcome = { status: 'failed', http_status, error: null } as const;
          expect(isRetryable(DEFAULT_RETRY_POLICY, outcome)).toBe(true);
          expect(isRetryable(policyOf({ retry_on_statuses: [] }), outcome)).toBe(false);
        },
      ),
    );
  });
});

describe('parseRetryAfter', () => {
  const now = Date.UTC(1994, 10, 6, 8, 49, 0);

  test.each([
    ['0', 0],
    ['120', 120_000],
    [' 5 ', 5_000],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 37_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 37_000],
    ['Sun Nov  6 08:49:37 1994', 37_000],
    ['Sat, 05 Nov 1994 08:49:37 GMT', 0],
    ['1.5', 1_500],
    ['Sun, 06 Nov 1994 08:49:37 +0000', 37_000],
    ['Sun, 06 Nov 1994 03:49:37 -0500', 37_000],
    ['1994-11-06T08:49:37Z', 37_000],
    ['1994-11-06T08:49:37.5z', 37_500],
    ['1994-11-06T09:49:37+01:00', 37_000],
    ['1994-11-06T09:50+0100', 60_000],
  ])('%s', (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });

  test.each([
    undefined,
    '',
    '-5',
    '1.',
    '.5',
    '1e3',
    'soon',
    '2024-01-01',
    '1994-11-06T08:49:37',
    '1994-13-06T08:49:37Z',
    'Sun, 99 Foo 1994 08:49:37 GMT',
  ])('%s says nothing', (header) => expect(parseRetryAfter(header, now)).toBeUndefined());

  test('is finite for any number of digits, and nothing or not negative for any text', () => {
    expect(parseRetryAfter('9'.repeat(400), now)).toBe(Number.MAX_SAFE_INTEGER);
    fc.assert(fc.property(fc.string(), (header) => (parseRetryAfter(header, now) ?? 0) >= 0));
  });
});
