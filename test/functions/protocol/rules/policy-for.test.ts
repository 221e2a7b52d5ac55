import { choosesPolicy } from '../../../../functions/protocol/rules/policy-for.js';
import { DEFAULT_RETRY_POLICY } from '../../../../functions/subjects/retry-policies/retry-policy.js';

test('a policy is chosen by value or by its id', () => {
  expect(choosesPolicy({})).toBe(false);
  expect(choosesPolicy({ retry_policy_id: 'rp_1' })).toBe(true);
  expect(choosesPolicy({ retry_policy: DEFAULT_RETRY_POLICY })).toBe(true);
});
