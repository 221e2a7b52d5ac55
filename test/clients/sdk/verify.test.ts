import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { SignatureError, type VerifyOptions, verify } from '../../../clients/typescript/punctual.js';
import { signedCall } from '../../../clients/typescript/testing.js';
import { signWebhook } from '../../../functions/destinations/request.js';

const SECRET = `whsec_${Buffer.from('a secret of the tests').toString('base64')}`;
const OTHER = `whsec_${Buffer.from('another secret').toString('base64')}`;
/** A loaded machine may run a test many seconds after its table was made. */
const NOW = new Date();
const LATER = new Date(NOW.getTime() + 310_000);
const EARLIER = new Date(NOW.getTime() - 310_000);
const [ID, BODY] = ['run_1', '{"price": 10.00, "ü": "€"}'];

function received(secret: string, { id = ID, body = BODY, at = new Date() } = {}) {
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
  return { headers, body };
}

const reason = async (...args: Parameters<typeof verify>) => {
  const error = await verify(...args).catch((thrown: unknown) => thrown);
  return error instanceof SignatureError ? error.reason : error;
};

test('what standardwebhooks signs is good, as text, bytes and as a Request', async () => {
  const { headers, body } = received(SECRET);
  const known = { id: ID, body: BODY, signedAt: new Date(Number(headers['webhook-timestamp']) * 1000) };
  expect(await verify({ headers, body }, SECRET)).toMatchObject(known);
  expect(await verify({ headers: new Headers(headers), body: Buffer.from(body) }, SECRET)).toMatchObject(known);
  const request = new Request('http://receiver.test', { method: 'POST', headers, body });
  expect((await verify(request, SECRET)).json()).toEqual({ price: 10, ü: '€' });
});

test('standardwebhooks and verify agree about any bytes, and any change of them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), fc.boolean(), async (body, changes) => {
      const request = received(SECRET, { body });
      const arrived = { ...request, body: changes ? `${body} ` : body };
      const theirs = () => new Webhook(SECRET).verify(arrived.body, arrived.headers, { jsonParse: false });
      if (changes) expect(theirs).toThrow();
      else theirs();
      expect(await reason(arrived, SECRET)).toEqual(changes ? 'no_match' : expect.objectContaining({ id: ID }));
    }),
    { numRuns: 50 },
  );
});

test.each<[string, string | string[], VerifyOptions | undefined, object, unknown]>([
  ['another secret', OTHER, undefined, {}, 'no_match'],
  ['one of several secrets', [OTHER, SECRET], undefined, {}, expect.objectContaining({ id: ID })],
  ['another body', SECRET, undefined, { body: '{}' }, 'no_match'],
  ['another id', SECRET, undefined, { id: 'run_2' }, 'no_match'],
  ['no signature', SECRET, undefined, { signature: undefined }, 'missing_header'],
  ['a signature that is no base64', SECRET, undefined, { signature: 'v1,ü v1' }, 'no_match'],
  ['a signature of another version', SECRET, undefined, { version: 'v2,' }, 'no_match'],
  ['five minutes old', SECRET, { now: LATER }, {}, 'too_old'],
  ['ahead of now', SECRET, { now: EARLIER }, {}, 'too_new'],
  ['old, and that is allowed', SECRET, { now: LATER, toleranceSeconds: 400 }, {}, expect.objectContaining({ id: ID })],
])('%s', async (_what, secrets, options, changes, expected) => {
  const { headers, body } = received(SECRET, { at: NOW });
  const change = changes as { body?: string; id?: string; signature?: string; version?: string };
  const signature = 'signature' in change ? change.signature : headers['webhook-signature'];
  const arrived = {
    body: change.body ?? body,
    headers: {
      ...headers,
      'webhook-id': change.id ?? ID,
      'webhook-signature': change.version ? signature!.replace('v1,', change.version) : signature,
    },
  };
  expect(await reason(arrived, secrets, options)).toEqual(expected);
});

test('during a rotation a call carries a signature for each secret, and either is enough', async () => {
  const { headers } = received(SECRET);
  const signature = signWebhook([OTHER, SECRET], ID, Number(headers['webhook-timestamp']), Buffer.from(BODY));
  const rotating = { headers: { ...headers, 'webhook-signature': signature }, body: BODY };
  expect([await reason(rotating, SECRET), await reason(rotating, OTHER)]).toMatchObject([{ id: ID }, { id: ID }]);
});

test.each(['any text', 'whsec_no base64', 'whsec_YQ'])(
  'the secret %p is keyed as the service keys it',
  async (secret) => {
    const at = Math.floor(Date.now() / 1000);
    const signature = signWebhook([secret], ID, at, Buffer.from(BODY));
    const headers = { 'webhook-id': ID, 'webhook-timestamp': String(at), 'webhook-signature': signature };
    expect(await reason({ headers, body: BODY }, secret)).toMatchObject({ id: ID });
  },
);

test('a missing secret and a parsed body are mistakes of the receiver, and no bad signature', async () => {
  const { headers } = received(SECRET);
  expect(await reason({ headers, body: BODY }, '')).toEqual(
    new TypeError('A signing secret is missing: is its environment variable set?'),
  );
  expect(await reason({ headers, body: { price: 10 } }, SECRET)).toMatchObject({
    message: expect.stringContaining('parsed already'),
  });
});

test('signedCall of the double is good for standardwebhooks', async () => {
  const { headers, body } = await signedCall({ a: 'ü' }, SECRET);
  expect(new Webhook(SECRET).verify(body, headers)).toEqual({ a: 'ü' });
});
