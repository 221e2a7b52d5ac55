import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ApiPorts } from '../../runtime/api-ports.js';
import type { Session, SignInMethod } from '../../subjects/sessions/session.js';

/** The id of the session, and 256 random bits. */
const TOKEN = /^(ses_[0-9a-f]{32})\.[\w-]{43}$/;

/** Who has signed in, and how; with the end of what was signed in with, if that is known. */
export type SignedIn = Pick<
  Session,
  | 'signed_in_by'
  | 'link_to'
  | 'linked_until'
  | 'subject'
  | 'name'
  | 'roles'
  | 'scopes'
  | 'key_fingerprint'
  | 'issuer'
  | 'signed_in_from'
> &
  Partial<Pick<Session, 'expires_at'>>;

type Ports = Pick<ApiPorts, 'clock' | 'configStore' | 'secrets' | 'sessions' | 'settings'>;

/** The token is answered once; what is stored does not tell it. */
export async function startSession(
  who: SignedIn,
  id: string,
  { sessions, clock, settings }: Pick<Ports, 'clock' | 'sessions' | 'settings'>,
): Promise<{ session: Session; token: string }> {
  const now = clock.now();
  const token = `${id}.${randomBytes(32).toString('base64url')}`;
  const expires_at = Math.min(now + settings.sessionMs, who.expires_at ?? Infinity);
  const session = { ...who, id, token_hash: hashOf(token), created_at: now, expires_at };
  await sessions.create(session);
  return { session, token };
}

/** The stored session with this token. */
export async function findByToken(token: string, { sessions }: Pick<Ports, 'sessions'>): Promise<Session | undefined> {
  const id = TOKEN.exec(token)?.[1];
  const session = id && (await sessions.find(id));
  return session && equalSecrets(session.token_hash, hashOf(token)) ? session : undefined;
}

/** The session that the token opens, as long as that with which the person signed in is still good. */
export async function sessionOf(token: string, ports: Ports): Promise<Session | undefined> {
  const session = await findByToken(token, ports);
  return session && (await STILL_GOOD[session.signed_in_by]?.(session, ports)) ? session : undefined;
}

/** A method of a later release is not here: this release cannot tell when such a session ends. */
const STILL_GOOD: Readonly<Record<SignInMethod, (session: Session, ports: Ports) => boolean | Promise<boolean>>> = {
  async operator_key({ key_fingerprint }, { secrets }) {
    const isIt = (key: string) => hashOf(key) === key_fingerprint;
    return isIt(await secrets.operatorKey(isIt));
  },
  api_key: async ({ subject }, { configStore }) => (await configStore.keyById(subject)) !== undefined,
  oidc: ({ issuer }, { settings }) => issuer === settings.provider?.issuer,
  portal_link: () => false,
  portal: async ({ subject }, { configStore }) => (await configStore.liveProject(subject)) !== undefined,
};

/** In hex: the only form in which keys and tokens are stored. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares two secrets of any length; the time does not depend on where they differ. */
export function equalSecrets(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
