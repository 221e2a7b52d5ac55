import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Lifetime of an operator's session, in milliseconds. */
export const SESSION_MS = 12 * 60 * 60 * 1000;

/**
 * An operator's session token, good until `expiresAt` (Unix milliseconds): its claims and their HMAC-SHA256, so that no
 * session is stored. A new master secret ends all sessions.
 */
export function sealSession(master: string, expiresAt: number): string {
  const payload = Buffer.from(JSON.stringify({ sub: 'operator', exp: expiresAt })).toString('base64url');
  return `${payload}.${mac(master, payload)}`;
}

export function isSessionGood(master: string, token: string, now: number): boolean {
  const [payload = '', signature = '', ...more] = token.split('.');
  if (more.length > 0 || !equalSecrets(signature, mac(master, payload))) return false;
  const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp: number };
  return exp > now;
}

function mac(master: string, payload: string): string {
  const key = Buffer.from(hkdfSync('sha256', master, '', 'punctual session key', 32));
  return createHmac('sha256', key).update(payload).digest('base64url');
}

/** Compares two secrets of any length; the time does not depend on where they differ. */
export function equalSecrets(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
