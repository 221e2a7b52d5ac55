import { createHash } from 'node:crypto';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import {
  type Claims,
  type IdentityProvider,
  type ProviderSettings,
  ProviderSilentError,
  SignInRefusedError,
  type SignInUnderWay,
} from '../subjects/sessions/identity.js';

/** One request to the provider; a browser waits for two of them. */
const TIMEOUT_MS = 5_000;
/** The provider's addresses and keys are read again after an hour, and keys when an unknown one signs. */
const KEPT_MS = 60 * 60 * 1000;
/** Signatures by a key that the provider alone has: neither `none`, nor an HMAC by a secret that we have, too. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
/** By which the provider's clock may differ from ours. */
const CLOCKS_DIFFER_SECONDS = 30;

export const CALLBACK_PATH = '/v1/sign-in/callback';

/** What we use of https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata. */
interface Discovered {
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly keys: JWTVerifyGetKey;
  readonly until: number;
}

export interface IdentityProviderOptions {
  readonly settings: ProviderSettings;
  readonly clientSecret: () => Promise<string | undefined>;
  /** Whether the provider may be on this machine, over plain HTTP. */
  readonly allowLoopback: boolean;
  readonly now: () => number;
}

/**
 * The authorization code flow with PKCE (https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth). Every
 * address comes from the stage's settings, or from the document at the issuer's own address.
 */
export function createIdentityProvider(options: IdentityProviderOptions): IdentityProvider {
  const { settings, clientSecret, allowLoopback, now } = options;
  let known: Discovered | undefined;

  async function discovered(): Promise<Discovered> {
    if (known && known.until > now()) return known;
    const address = `${settings.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const found = await askFor(address, {});
    if (found['issuer'] !== settings.issuer)
      throw new ProviderSilentError(`The document at ${address} is of another issuer: ${found['issuer']}.`);
    const endpoint = (name: string) => safeAddress(found[name], allowLoopback);
    const { createRemoteJWKSet } = await import('jose/jwks/remote');
    known = {
      authorization_endpoint: endpoint('authorization_endpoint'),
      token_endpoint: endpoint('token_endpoint'),
      keys: createRemoteJWKSet(new URL(endpoint('jwks_uri')), { timeoutDuration: TIMEOUT_MS, cacheMaxAge: KEPT_MS }),
      until: now() + KEPT_MS,
    };
    return known;
  }

  async function idToken(code: string, { verifier, origin }: SignInUnderWay, endpoint: string): Promise<string> {
    const secret = await clientSecret();
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: origin + CALLBACK_PATH,
      code_verifier: verifier,
      ...(secret === undefined && { client_id: settings.clientId }),
    });
    const headers = secret === undefined ? {} : { authorization: basic(settings.clientId, secret) };
    const { id_token } = await askFor(endpoint, { method: 'POST', headers, body });
    if (typeof id_token !== 'string') throw new SignInRefusedError('The provider gave no ID token.');
    return id_token;
  }

  async function verified(token: string, keys: JWTVerifyGetKey): Promise<JWTPayload> {
    const { jwtVerify } = await import('jose/jwt/verify');
    const { JOSEError, JWKSTimeout } = await import('jose/errors');
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: settings.issuer,
        audience: settings.clientId,
        algorithms: ALGORITHMS,
        requiredClaims: ['sub', 'exp', 'iat', 'nonce'],
        clockTolerance: CLOCKS_DIFFER_SECONDS,
        currentDate: new Date(now()),
      });
      return payload;
    } catch (error) {
      if (error instanceof JWKSTimeout) throw new ProviderSilentError(error.message);
      if (error instanceof JOSEError) throw new SignInRefusedError(`The ID token is not good: ${error.message}.`);
      throw new ProviderSilentError(String(error));
    }
  }

  return {
    async page({ state, nonce, verifier, origin }) {
      const page = new URL((await discovered()).authorization_endpoint);
      const query = {
        response_type: 'code',
        client_id: settings.clientId,
        redirect_uri: origin + CALLBACK_PATH,
        scope: settings.scopes.join(' '),
        state,
        nonce,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      };
      for (const [name, value] of Object.entries(query)) page.searchParams.set(name, value);
      return page.href;
    },

    async claims(code, underWay) {
      const { token_endpoint, keys } = await discovered();
      const claims = await verified(await idToken(code, underWay, token_endpoint), keys);
      if (claims['nonce'] !== underWay.nonce)
        throw new SignInRefusedError('The ID token is of another sign-in: its nonce differs.');
      // A token for several clients names the one that asked for it (OpenID Connect Core, 3.1.3.7).
      if (Array.isArray(claims.aud) && claims.aud.length > 1 && claims['azp'] !== settings.clientId)
        throw new SignInRefusedError('The ID token was made for another client.');
      return claims as Claims;
    },
  };
}

/** The JSON object that the provider answers. @throws SignInRefusedError for a 4xx @throws ProviderSilentError */
async function askFor(address: string, request: RequestInit): Promise<Record<string, unknown>> {
  const [status, answer] = await fetch(address, {
    ...request,
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
    .then(async (response) => [response.status, (await response.json()) as Record<string, unknown>] as const)
    .catch((error: Error) => {
      throw new ProviderSilentError(`${address}: ${(error.cause as Error | undefined)?.message ?? error.message}`);
    });
  if (status === 200) return answer;
  const words = [answer['error'], answer['error_description']].filter(Boolean).join(': ');
  if (status >= 400 && status < 500) throw new SignInRefusedError(`The provider refused: ${words || status}.`);
  throw new ProviderSilentError(`${address} answered ${status}.`);
}

function safeAddress(address: unknown, allowLoopback: boolean): string {
  const url = URL.canParse(String(address)) ? new URL(String(address)) : undefined;
  if (url?.protocol === 'https:' || (allowLoopback && url?.hostname === '127.0.0.1')) return url.href;
  throw new ProviderSilentError(`The provider names an address that is not HTTPS: ${address}.`);
}

/** The form of RFC 6749, section 2.3.1: both are encoded as in a form. */
function basic(id: string, secret: string): string {
  const encoded = (text: string) => new URLSearchParams({ _: text }).toString().slice(2);
  return `Basic ${Buffer.from(`${encoded(id)}:${encoded(secret)}`).toString('base64')}`;
}
