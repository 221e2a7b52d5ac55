import type { Scope } from './permissions.js';

/** What roles and users of IAM may do, each in one project, by principal. */
export type IamCallers = ReadonlyMap<string, { readonly project: string; readonly scopes: readonly Scope[] }>;

/** As the settings give them: ARN, project, scopes. */
export type GivenCaller = readonly [arn: string, project: string, ...scopes: Scope[]];

export function iamCallers(given: readonly GivenCaller[]): IamCallers {
  return new Map(given.map(([arn, project, ...scopes]) => [principalOf(arn)!, { project, scopes }]));
}

/**
 * The role or user behind an ARN: `123456789012:role/shop`. A session of a role has no path in its ARN, and names of roles
 * are unique in an account whatever their path. Undefined for the account's root, and for sessions without a role.
 */
export function principalOf(arn: string): string | undefined {
  const [, account, role] = /^arn:[\w-]+:sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/.exec(arn) ?? [];
  if (role !== undefined) return `${account}:role/${role}`;
  const [, owner, kind, name] = /^arn:[\w-]+:iam::(\d{12}):(role|user)\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  return name === undefined ? undefined : `${owner}:${kind}/${name}`;
}
