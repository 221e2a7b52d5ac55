import { nameOf, type ProviderSettings, rolesOf } from '../../../../functions/subjects/sessions/identity.js';

const settings = {
  groupsClaim: 'cognito:groups',
  nameClaim: 'email',
  roles: {
    admins: { '*': 'admin' },
    readers: { '*': 'viewer' },
    billing: { proj_1: 'member', proj_2: 'viewer' },
    audit: { proj_1: 'viewer', proj_2: 'admin' },
  },
} as unknown as ProviderSettings;
const roles = (groups: unknown) => rolesOf({ sub: 'ada', 'cognito:groups': groups }, settings);

test.each([
  [['admins'], { '*': 'admin' }],
  ['admins', { '*': 'admin' }],
  [['readers', 'admins'], { '*': 'admin' }],
  [['admins', 'readers'], { '*': 'admin' }],
  [['billing', 'audit'], { proj_1: 'member', proj_2: 'admin' }],
  [['readers', 'billing', 'unknown'], { '*': 'viewer', proj_1: 'member', proj_2: 'viewer' }],
  [['unknown'], undefined],
  [[], undefined],
  [undefined, undefined],
  [[{ name: 'admins' }, 7, null], undefined],
  [['toString', '__proto__', 'constructor'], undefined],
])('the groups %j give the roles %j', (groups, expected) => {
  expect(roles(groups)).toEqual(expected);
});

test.each([
  [{ email: 'ada@example.com' }, 'ada@example.com'],
  [{ email: 'ada@example.com', email_verified: true }, 'ada@example.com'],
  [{ email: 'ada@example.com', email_verified: false }, 'oidc:ada'],
  [{ email: 'operator' }, 'oidc:ada'],
  [{ email: ['ada@example.com'] }, 'oidc:ada'],
  [{}, 'oidc:ada'],
])('%j is named %s', (claims, name) => {
  expect(nameOf({ sub: 'ada', ...claims }, settings)).toBe(name);
});
