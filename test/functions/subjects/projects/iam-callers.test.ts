import { iamCallers, principalOf } from '../../../../functions/subjects/projects/iam-callers.js';

test.each([
  ['arn:aws:iam::123456789012:role/shop', '123456789012:role/shop'],
  ['arn:aws:iam::123456789012:role/service/eu/shop', '123456789012:role/shop'],
  ['arn:aws:sts::123456789012:assumed-role/shop/i-0123', '123456789012:role/shop'],
  ['arn:aws:sts::123456789012:assumed-role/shop/a@example.com', '123456789012:role/shop'],
  ['arn:aws:iam::123456789012:user/people/ada', '123456789012:user/ada'],
  ['arn:aws-cn:sts::123456789012:assumed-role/shop/x', '123456789012:role/shop'],
  // Another account, and a user of the same name, are others.
  ['arn:aws:sts::210987654321:assumed-role/shop/x', '210987654321:role/shop'],
  ['arn:aws:iam::123456789012:user/shop', '123456789012:user/shop'],
  // Neither roles nor users.
  ['arn:aws:iam::123456789012:root', undefined],
  ['arn:aws:sts::123456789012:federated-user/shop', undefined],
  ['arn:aws:sts::123456789012:assumed-role/shop', undefined],
  ['arn:aws:sts::123456789012:assumed-role/other/shop/x', undefined],
  ['x arn:aws:iam::123456789012:role/shop', undefined],
  ['', undefined],
])('%s is %s', (arn, principal) => {
  expect(principalOf(arn)).toBe(principal);
});

test('a caller has one project, and its scopes', () => {
  const callers = iamCallers([['arn:aws:iam::123456789012:role/a/shop', 'proj_1', 'read', 'publish']]);
  expect([...callers]).toEqual([['123456789012:role/shop', { project: 'proj_1', scopes: ['read', 'publish'] }]]);
});
