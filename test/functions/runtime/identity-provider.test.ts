import { createHash } from 'node:crypto';
import { generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { createIdentityProvider } from '../../../functions/runtime/identity-provider.js';
import { ProviderSilentError, SignInRefusedError } from '../../../functions/subjects/sessions/identity.js';
import { startForgingIssuer } from '../../support/forging-issuer.js';

let issuer: Awaited<ReturnType<typeof startForgingIssuer>>;
beforeAll(async () => {
  issuer = await startForgingIssuer();
});
afterAll(() => issuer.close());
beforeEach(() => {
  issuer.forgery.now = {};
  issuer.forgery.metadata = {};
  issuer.asked.length = 0;
});

const underWay = {
  state: 'the state',
  nonce: 'the nonce',
  verifier: 'the verifier',
  origin: 'https://console.example.com',
  to: '/console/',
};
const redirect_uri = 'https://console.example.com/v1/sign-in/callback';

function provider(more: { secret?: string; allowLoopback?: boolean; now?: () => number } = {}) {
  const settings = {
    issuer: issuer.issuer,
    clientId: 'punctual',
    scopes: ['openid', 'email'],
    groupsClaim: 'groups',
    nameClaim: 'email',
    roles: {},
    label: 'Example',
  };
  const { secret, allowLoopback = true, now = Date.now } = more;
  return createIdentityProvider({ settings, clientSecret: async () => secret, allowLoopback, now });
}
const claims = (more?: Parameters<typeof provider>[0]) => provider(more).claims('the code', underWay);

test('leads to the page that the provider names, with PKCE', async () => {
  const page = new URL(await provider().page(underWay));
  expect(page.origin + page.pathname).toBe(`${issuer.issuer}/authorize`);
  expect(Object.fromEntries(page.searchParams)).toEqual({
    tenant: '1',
    response_type: 'code',
    client_id: 'punctual',
    redirect_uri,
    scope: 'openid email',
    state: 'the state',
    nonce: 'the nonce',
    code_challenge: createHash('sha256').update('the verifier').digest('base64url'),
    code_challenge_method: 'S256',
  });
});

test('exchanges the code for the claims of a good token', async () => {
  issuer.forgery.now = { claims: { groups: ['admins'], email: 'ada@example.com' } };
  expect(await claims()).toMatchObject({ sub: 'ada', groups: ['admins'], email: 'ada@example.com' });
  const form = { grant_type: 'authorization_code', code: 'the code', redirect_uri, code_verifier: 'the verifier' };
  expect(issuer.asked).toEqual([{ form: { ...form, client_id: 'punctual' }, authorization: undefined }]);
});

test('a client with a secret proves itself by it', async () => {
  await claims({ secret: 'a secret: +' });
  const [{ form, authorization }] = issuer.asked as [(typeof issuer.asked)[number]];
  expect(form['client_id']).toBeUndefined();
  expect(Buffer.from(authorization!.split(' ')[1]!, 'base64').toString()).toBe('punctual:a+secret%3A+%2B');
});

const now = Math.floor(Date.now() / 1000);
const bySecret = (token: JWTPayload) =>
  new SignJWT(token).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from('a secret that both sides have ...'));
const byStranger = async (token: JWTPayload) => {
  const { privateKey } = await generateKeyPair('ES256');
  return new SignJWT(token).setProtectedHeader({ alg: 'ES256', kid: 'one' }).sign(privateKey);
};

test.each([
  ['of another sign-in', { claims: { nonce: 'another' } }, 'nonce'],
  ['without a nonce', { claims: { nonce: undefined } }, 'nonce'],
  ['for another client', { claims: { aud: 'another' } }, '"aud"'],
  ['for several clients', { claims: { aud: ['punctual', 'another'] } }, 'another client'],
  ['of another issuer', { claims: { iss: 'https://elsewhere.example.com' } }, '"iss"'],
  ['that has expired', { claims: { exp: now - 60, iat: now - 360 } }, '"exp"'],
  ['that never expires', { claims: { exp: undefined } }, '"exp"'],
  ['without a person', { claims: { sub: undefined } }, '"sub"'],
  ['without a signature', { token: (token: JWTPayload) => new UnsecuredJWT(token).encode() }, 'alg'],
  ['signed by a secret', { token: bySecret }, 'alg'],
  ['signed by a stranger', { token: byStranger }, 'signature'],
  ['that is none', { token: () => 'a token' }, 'Invalid'],
])('refuses a token %s', async (_, forgery, word) => {
  issuer.forgery.now = forgery as never;
  const refused = claims();
  await expect(refused).rejects.toThrow(SignInRefusedError);
  await expect(refused).rejects.toThrow(word);
});

test('takes a token for several clients that names us as the one that asked', async () => {
  issuer.forgery.now = { claims: { aud: ['punctual', 'another'], azp: 'punctual' } };
  expect(await claims()).toMatchObject({ sub: 'ada' });
});

test('tells what the provider refuses', async () => {
  issuer.forgery.now = { refusal: { status: 400, body: { error: 'invalid_grant', error_description: 'used' } } };
  await expect(claims()).rejects.toThrow(new SignInRefusedError('The provider refused: invalid_grant: used.'));
});

test.each([
  ['fails', { now: { refusal: { status: 503, body: {} } } }],
  ['is of another issuer', { metadata: { issuer: 'https://elsewhere.example.com' } }],
  ['sends its codes over plain HTTP', { metadata: { token_endpoint: 'http://192.0.2.1/' } }],
  ['has no keys', { metadata: { jwks_uri: undefined } }],
])('a provider that %s has not answered', async (_, forged) => {
  Object.assign(issuer.forgery, forged);
  await expect(claims()).rejects.toThrow(ProviderSilentError);
});

test('nothing but HTTPS is called outside of the local stack', async () => {
  await expect(claims({ allowLoopback: false })).rejects.toThrow('not HTTPS');
});

test('a provider that is gone has not answered', async () => {
  const gone = await startForgingIssuer();
  await gone.close();
  const there = issuer;
  issuer = gone;
  await expect(provider().page(underWay)).rejects.toThrow(ProviderSilentError);
  issuer = there;
});
