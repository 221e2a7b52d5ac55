import type { HttpDestination } from '../../../functions/destinations/http/http.js';
import { assertNoneHidden, decrypted, encrypted, hidden } from '../../../functions/destinations/secret-values.js';
import { createKeyring, DecryptionError, encryptionWith } from '../../../functions/primitives/encryption.js';
import { InvalidRequestError } from '../../../functions/primitives/faults.js';

const using = (...secrets: [string, ...string[]]) => encryptionWith(async () => createKeyring(...secrets));
const OURS = using('a master secret');
const to = (headers: Record<string, string>): HttpDestination => ({
  url: 'https://example.com/',
  method: 'POST',
  timeout_ms: 1_000,
  headers,
});
const plain = to({ Authorization: 'Bearer of-theirs', 'X-Empty': '' });

test('values of headers are stored encrypted, for the object that holds them alone', async () => {
  const stored = await encrypted(plain, OURS, 'ep_1');
  expect(Object.keys(stored.headers)).toEqual(['Authorization', 'X-Empty']);
  expect(JSON.stringify(stored)).not.toContain('of-theirs');
  expect(await decrypted(stored, OURS.decrypt, 'ep_1')).toEqual(plain);
  await expect(decrypted(stored, OURS.decrypt, 'ep_2')).rejects.toThrow(DecryptionError);
});

test('what is encrypted already stays as it is', async () => {
  const stored = await encrypted(plain, OURS, 'ep_1');
  expect(await encrypted(stored, OURS, 'ep_1')).toEqual(stored);
});

test('plain values of older releases are called as they are', async () => {
  expect(await decrypted(plain, OURS.decrypt, 'ep_1')).toEqual(plain);
});

test('a value that was encrypted with a key before is called, too', async () => {
  const stored = await encrypted(plain, using('an older secret'), 'ep_1');
  expect(await decrypted(stored, using('a newer secret', 'an older secret').decrypt, 'ep_1')).toEqual(plain);
});

test('no value is shown, not even its length', async () => {
  for (const one of [plain, await encrypted(plain, OURS, 'ep_1')])
    expect(hidden(one)).toEqual(to({ Authorization: '***', 'X-Empty': '***' }));
});

test('a value as it is shown stands for no new value', () => {
  let thrown: unknown;
  try {
    assertNoneHidden(to({ 'x~y': '***' }), '/target');
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(InvalidRequestError);
  expect((thrown as InvalidRequestError).faults).toMatchObject([{ pointer: '/target/headers/x~0y' }]);
});
