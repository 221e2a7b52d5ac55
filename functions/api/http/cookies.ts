import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { ApiSettings } from '../../runtime/api-ports.js';

/**
 * The session of a browser, and the sign-in at a provider that is under way. No other site can make the browser send
 * the first. The provider's page leads back to us from another site, so that the second is sent with such links.
 */
const SAME_SITE = { session: 'Strict', 'sign-in': 'Lax' } as const;
export type Cookie = keyof typeof SAME_SITE;
type Stage = Pick<ApiSettings, 'allowLoopback'>;

/**
 * By the prefix `__Host-` a browser takes the cookie over HTTPS alone, for this host alone, so that no neighbour can
 * set it. The local stack has no HTTPS, and Safari takes no `Secure` cookie from it.
 */
const nameOf = (cookie: Cookie, { allowLoopback }: Stage): string =>
  `${allowLoopback ? '' : '__Host-'}punctual-${cookie}`;

/** The value of Set-Cookie. No script reads the cookie; no value removes it. */
export function setCookie(cookie: Cookie, value: string, seconds: number, stage: Stage): string {
  const life = `Path=/; HttpOnly; SameSite=${SAME_SITE[cookie]}; Max-Age=${seconds}`;
  return `${nameOf(cookie, stage)}=${value}; ${life}${stage.allowLoopback ? '' : '; Secure'}`;
}

export const dropCookie = (cookie: Cookie, stage: Stage): string => setCookie(cookie, '', 0, stage);

export function cookieOf(
  { cookies = [] }: Pick<APIGatewayProxyEventV2, 'cookies'>,
  cookie: Cookie,
  stage: Stage,
): string | undefined {
  const start = `${nameOf(cookie, stage)}=`;
  return cookies.find((sent) => sent.startsWith(start))?.slice(start.length);
}

/**
 * Whether a page of this very origin makes the request. Every browser of today says so in Sec-Fetch-Site, over HTTPS and
 * on loopback, and no page can set that header (https://www.w3.org/TR/fetch-metadata/). Origin could not be compared with
 * a host: the distribution before the API does not hand on its own.
 */
export function isFromOwnPage({ headers }: Pick<APIGatewayProxyEventV2, 'headers'>): boolean {
  return headers['sec-fetch-site'] === 'same-origin';
}
