import { ROLES, type Role, type Roles } from '../projects/permissions.js';

/** A provider of OpenID Connect, at which persons sign in. */
export interface ProviderSettings {
  /** The provider's address, as its ID tokens name it. */
  readonly issuer: string;
  readonly clientId: string;
  /** The secret of the client in Secrets Manager; a client without a secret proves itself by PKCE alone. */
  readonly clientSecretArn?: string | undefined;
  readonly scopes: readonly string[];
  /** The claim of the ID token that lists a person's groups. */
  readonly groupsClaim: string;
  /** The claim whose mail address is the person's name, in the audit too: one that a person cannot choose. */
  readonly nameClaim: string;
  /** The roles of each group. */
  readonly roles: Readonly<Record<string, Roles>>;
  /** What the console's button calls the provider. */
  readonly label: string;
}

/** A sign-in at the provider that is under way; its browser keeps it in a cookie. */
export interface SignInUnderWay {
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE (RFC 7636): that the browser which comes back is the one that left. */
  readonly verifier: string;
  /** The origin of the console's page, which the provider leads back to. */
  readonly origin: string;
  /** Path of the console's page. */
  readonly to: string;
}

/** What the provider says of a person. */
export interface Claims {
  readonly sub: string;
  readonly [claim: string]: unknown;
}

export interface IdentityProvider {
  /** The provider's page to sign in at. @throws ProviderSilentError */
  page(underWay: SignInUnderWay): Promise<string>;
  /** The claims of a valid ID token. @throws SignInRefusedError @throws ProviderSilentError */
  claims(code: string, underWay: SignInUnderWay): Promise<Claims>;
}

/** The provider, or what it sent, does not let the person in. */
export class SignInRefusedError extends Error {
  override readonly name = 'SignInRefusedError';
}

/** The provider did not answer as a provider does. */
export class ProviderSilentError extends Error {
  override readonly name = 'ProviderSilentError';
}

/** From the least to the most. */
const RANKS = Object.keys(ROLES);

/** In each project the highest role of the person's groups; undefined for a person in no group that has roles. */
export function rolesOf(claims: Claims, { groupsClaim, roles }: ProviderSettings): Roles | undefined {
  const claim = claims[groupsClaim];
  const groups = [claim].flat().filter((group): group is string => typeof group === 'string');
  const given = groups.flatMap((group) => (Object.hasOwn(roles, group) ? Object.entries(roles[group]!) : []));
  if (given.length === 0) return undefined;
  const highest = new Map<string, Role>();
  for (const [project, role] of given) {
    if (RANKS.indexOf(role) > RANKS.indexOf(highest.get(project) ?? '')) highest.set(project, role);
  }
  return Object.fromEntries(highest);
}

/** An address, or the provider's id of the person: no name of an operator or of a key is of that form. */
export function nameOf(claims: Claims, { nameClaim }: Pick<ProviderSettings, 'nameClaim'>): string {
  const address = claims[nameClaim];
  const isGood = typeof address === 'string' && address.includes('@') && claims['email_verified'] !== false;
  return isGood ? address.slice(0, 200) : `oidc:${claims.sub}`;
}
