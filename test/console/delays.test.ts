import fc from 'fast-check';
import { type DelaySettings, delaysOf } from '../../console/pages/retry-policies/delays.js';
import { settingsOf } from '../../console/pages/retry-policies/given-policy.js';
import { DEFAULT_RETRY_POLICY, retryDelayMs } from '../../functions/subjects/retry-policies/retry-policy.js';
import { retryPolicyOf } from '../../functions/subjects/retry-policies/retry-policy-schema.js';

const seconds = fc.integer({ min: 0, max: 7 * 86_400 });
const policies: fc.Arbitrary<DelaySettings> = fc.record({
  strategy: fc.constantFrom('fixed', 'linear', 'exponential', 'custom'),
  base_delay_seconds: seconds,
  max_delay_seconds: seconds,
  delays_seconds: fc.array(seconds, { minLength: 1, maxLength: 8 }),
  max_attempts: fc.integer({ min: 1, max: 50 }),
});

const delaysInCore = (policy: DelaySettings): number[] => {
  const whole = { ...DEFAULT_RETRY_POLICY, ...policy, delays_seconds: [...policy.delays_seconds] };
  return Array.from({ length: policy.max_attempts - 1 }, (_, index) => retryDelayMs(whole, index + 1, () => 1) / 1000);
};

test('the console draws the delays that the API makes', () => {
  fc.assert(fc.property(policies, (policy) => expect(delaysOf(policy)).toEqual(delaysInCore(policy))));
});

test.each<[Record<string, string>, Parameters<typeof retryPolicyOf>[0]]>([
  [
    { strategy: 'custom', delays_seconds: '30, 120' },
    { strategy: 'custom', delays_seconds: [30, 120] },
  ],
  [
    { strategy: 'fixed', base_delay_seconds: '90000' },
    { strategy: 'fixed', base_delay_seconds: 90_000 },
  ],
  [
    { strategy: 'linear', base_delay_seconds: '5', max_attempts: '4' },
    { strategy: 'linear', base_delay_seconds: 5, max_attempts: 4 },
  ],
])('while %j is typed, it draws what the API would make of it', (texts, given) => {
  expect(delaysOf(settingsOf(texts))).toEqual(delaysInCore(retryPolicyOf(given)));
});

test('half-typed numbers draw something', () => {
  expect(delaysOf(settingsOf({ strategy: 'exponential', base_delay_seconds: '-', max_attempts: '' }))).toEqual([
    0, 0, 0, 0, 0,
  ]);
  expect(delaysOf(settingsOf({ strategy: 'custom', delays_seconds: '3, x' }))).toEqual([3]);
  expect(delaysOf(settingsOf({ strategy: 'fixed', base_delay_seconds: '1', max_attempts: '5000' }))).toHaveLength(49);
});
