import fc from 'fast-check';
import { createKeyring, DecryptionError, decrypt, encrypt } from '../../../functions/primitives/encryption.js';

const ring = createKeyring('master secret of this stage');

test('what is encrypted can be decrypted, and shows nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plaintext, context) => {
      const encrypted = encrypt(ring, plaintext, context);
      expect(encrypted).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]+$/);
      expect(decrypt(ring, encrypted, context)).toBe(plaintext);
    }),
  );
});

test('the same text is encrypted differently each time', () => {
  expect(encrypt(ring, 'whsec_x', 'ep_1')).not.toBe(encrypt(ring, 'whsec_x', 'ep_1'));
});

test('opens for its own context only', () => {
  expect(() => decrypt(ring, encrypt(ring, 'x', 'ep_1'), 'ep_2')).toThrow(DecryptionError);
});

test('a change of any byte is noticed', () => {
  const [version, id, payload = ''] = encrypt(ring, 'secret', 'ep_1').split('.');
  const bytes = Buffer.from(payload, 'base64url');
  for (let index = 0; index < bytes.length; index++) {
    const changed = Buffer.from(bytes);
    changed[index]! ^= 1;
    const forged = `${version}.${id}.${changed.toString('base64url')}`;
    expect(() => decrypt(ring, forged, 'ep_1')).toThrow(DecryptionError);
  }
});

test('a text of another version is refused, even under a key of the ring', () => {
  const text = encrypt(ring, 'x', 'ep_1').replace('v1.', 'v2.');
  expect(() => decrypt(ring, text, 'ep_1')).toThrow('No key of this ring encrypted the text.');
});

test.each(['', 'v1', 'v1..', 'plain text', 'v2.00000000.AAAA'])('%p was not encrypted', (text) => {
  expect(() => decrypt(ring, text, '')).toThrow(DecryptionError);
});

test('a cut text of the right key is refused', () => {
  const encrypted = encrypt(ring, 'secret', 'ep_1');
  for (let length = encrypted.indexOf('.', 3); length < encrypted.length - 1; length++) {
    expect(() => decrypt(ring, encrypted.slice(0, length), 'ep_1')).toThrow(DecryptionError);
  }
});

test('after a change of the master secret the old texts still open, as long as the old secret is in the ring', () => {
  const encrypted = encrypt(ring, 'x', 'ep_1');
  const next = createKeyring('another master secret', 'master secret of this stage');
  expect(decrypt(next, encrypted, 'ep_1')).toBe('x');
  expect(decrypt(createKeyring('another master secret'), encrypt(next, 'y', 'ep_1'), 'ep_1')).toBe('y');
  expect(() => decrypt(createKeyring('another master secret'), encrypted, 'ep_1')).toThrow(DecryptionError);
});
