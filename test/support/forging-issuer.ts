import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { serveLoopback } from '../../local/loopback-server.js';

/** What the token endpoint answers, and to what it was asked. */
export interface Forgery {
  /** By default a good ID token, with these claims over its own. */
  claims?: JWTPayload;
  /** Makes another token of the claims. */
  token?: (claims: JWTPayload) => Promise<string> | string;
  /** In place of a token. */
  refusal?: { readonly status: number; readonly body: object };
}

/** A provider of OpenID Connect that says whatever a test wants; `asked` are the forms that its token endpoint got. */
export async function startForgingIssuer() {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' };
  const asked: { readonly form: Record<string, string>; readonly authorization: string | undefined }[] = [];
  const forgery: { now: Forgery; metadata: object } = { now: {}, metadata: {} };
  const server = await serveLoopback(async (request, body, response) => {
    const answer = (value: object, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    const issuer = server.url;
    if (request.url === '/keys') return void answer({ keys: [jwk] });
    if (request.url !== '/token') return void answer({ ...metadataOf(issuer), ...forgery.metadata });
    asked.push({
      form: Object.fromEntries(new URLSearchParams(body.toString())),
      authorization: request.headers.authorization,
    });
    const { claims: own, token, refusal } = forgery.now;
    if (refusal) return void answer(refusal.body, refusal.status);
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer, aud: 'punctual', sub: 'ada', nonce: 'the nonce', iat: now, exp: now + 300, ...own };
    const id_token = token ? await token(claims) : await signed(claims, privateKey);
    answer({ token_type: 'Bearer', access_token: 'unused', id_token });
  });
  return {
    issuer: server.url,
    asked,
    forgery,
    sign: (claims: JWTPayload) => signed(claims, privateKey),
    close: server.close,
  };
}

const signed = (claims: JWTPayload, key: CryptoKey): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'one' }).sign(key);

const metadataOf = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize?tenant=1`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/keys`,
});
