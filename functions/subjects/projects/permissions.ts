/** What a route may ask of its caller. `publish` makes work; `manage` configures it; `administer` is for persons only. */
export type Permission = 'read' | 'publish' | 'manage' | 'audit' | 'administer';

/** What a person may do in a project, by the person's role there. */
export const ROLES = {
  viewer: ['read'],
  member: ['read', 'publish', 'manage'],
  admin: ['read', 'publish', 'manage', 'audit', 'administer'],
} as const satisfies Readonly<Record<string, readonly Permission[]>>;
export type Role = keyof typeof ROLES;

/** A person's roles, by project; `*` stands for all projects, those that are not made yet included. */
export type Roles = Readonly<Record<string, Role>>;
export const ALL_PROJECTS = '*';

/** What a project's key can be allowed. A key without scopes has all of them, as keys of older releases have. */
export const SCOPES = ['read', 'publish', 'manage', 'audit'] as const satisfies readonly Permission[];
export type Scope = (typeof SCOPES)[number];

/** What a person has been given: roles, of which the scopes of the key that signed in leave a part. */
export interface Granted {
  readonly roles: Roles;
  readonly scopes?: readonly Scope[] | undefined;
}

/** What a person may do in a project; `*` asks about all projects together. */
export function permissionsOf({ roles, scopes }: Granted, project: string): readonly Permission[] {
  if (scopes) return Object.hasOwn(roles, project) ? scopes : [];
  return [ALL_PROJECTS, project].flatMap((id) => ofRole(own(roles, id)));
}

/** A role of a later release allows nothing. */
const ofRole = (role: string | undefined): readonly Permission[] => own(ROLES, role ?? '') ?? [];

/** Names come from outside: `toString` is no role. */
function own<Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
