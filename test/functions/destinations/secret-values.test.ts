import type { HttpDestination } from '../../../functions/destinations/http/http.js';
import { decrypted, encrypted, hidden } from '../../../functions/destinations/secret-values.js';
import { createKeyring, DecryptionError } from '../../../functions/primitives/encryption.js';
import { InvalidRequestError } from '../../../functions/primitives/faults.js';

const KEYRING = createKeyring('a master secret');
const to = (headers: Record<string, string>): HttpDestination => ({
  url: 'https://example.com/',
  method: 'POST',
  timeout_ms: 1_000,
  headers,
});
const plain = to({ Authorization: 'Bearer of-theirs', 'X-Empty': '' });

test('values of headers are stored encrypted, for the object that holds them alone', () => {
  const stored = encrypted(plain, KEYRING, 'ep_1');
  expect(Object.keys(stored.headers)).toEqual(['Authorization', 'X-Empty']);
  expect(JSON.stringify(stored)).not.toContain('of-theirs');
  expect(decrypted(stored, KEYRING, 'ep_1')).toEqual(plain);
  expect(() => decrypted(stored, KEYRING, 'ep_2')).toThrow(DecryptionError);
});

test('what is encrypted already stays as it is', () => {
  const stored = encrypted(plain, KEYRING, 'ep_1');
  expect(encrypted(stored, KEYRING, 'ep_1')).toEqual(stored);
});

test('plain values of older releases are called as they are', () => {
  expect(decrypted(plain, KEYRING, 'ep_1')).toEqual(plain);
});

test('a value that was encrypted with a key before is called, too', () => {
  const stored = encrypted(plain, createKeyring('an older secret'), 'ep_1');
  expect(decrypted(stored, createKeyring('a newer secret', 'an older secret'), 'ep_1')).toEqual(plain);
});

test('no value is shown, not even its length', () => {
  for (const one of [plain, encrypted(plain, KEYRING, 'ep_1')])
    expect(hidden(one)).toEqual(to({ Authorization: '***', 'X-Empty': '***' }));
});

test('a value as it is shown stands for no new value', () => {
  let thrown: unknown;
  try {
    encrypted(to({ 'x~y': '***' }), KEYRING, 'ep_1', '/target');
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(InvalidRequestError);
  expect((thrown as InvalidRequestError).faults).toMatchObject([{ pointer: '/target/headers/x~0y' }]);
});
