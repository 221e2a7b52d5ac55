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
