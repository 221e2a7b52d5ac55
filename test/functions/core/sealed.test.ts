import fc from 'fast-check';
import { createKeyring, open, seal, UnsealError } from '../../../functions/core/sealed.js';

const ring = createKeyring('master secret of this stage');

test('what is sealed opens again, and shows nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plaintext, context) => {
      const sealed = seal(ring, plaintext, context);
      expect(sealed).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]+$/);
      expect(open(ring, sealed, context)).toBe(plaintext);
    }),
  );
});

test('the same text is sealed differently each time', () => {
  expect(seal(ring, 'whsec_x', 'ep_1')).not.toBe(seal(ring, 'whsec_x', 'ep_1'));
});

test('opens for its own context only', () => {
  expect(() => open(ring, seal(ring, 'x', 'ep_1'), 'ep_2')).toThrow(UnsealError);
});

test('a change of any byte is noticed', () => {
  const [version, id, payload = ''] = seal(ring, 'secret', 'ep_1').split('.');
  const bytes = Buffer.from(payload, 'base64url');
  for (let index = 0; index < bytes.length; index++) {
    const changed = Buffer.from(bytes);
    changed[index]! ^= 1;
    const forged = `${version}.${id}.${changed.toString('base64url')}`;
    expect(() => open(ring, forged, 'ep_1')).toThrow(UnsealError);
  }
});

test.each(['', 'v1', 'v1..', 'plain text', 'v2.00000000.AAAA'])('%p was not sealed', (text) => {
  expect(() => open(ring, text, '')).toThrow(UnsealError);
});

test('a cut text of the right key is refused', () => {
  const sealed = seal(ring, 'secret', 'ep_1');
  for (let length = sealed.indexOf('.', 3); length < sealed.length - 1; length++) {
    expect(() => open(ring, sealed.slice(0, length), 'ep_1')).toThrow(UnsealError);
  }
});

test('after a change of the master secret the old texts still open, as long as the old secret is in the ring', () => {
  const sealed = seal(ring, 'x', 'ep_1');
  const next = createKeyring('another master secret', 'master secret of this stage');
  expect(open(next, sealed, 'ep_1')).toBe('x');
  expect(open(createKeyring('another master secret'), seal(next, 'y', 'ep_1'), 'ep_1')).toBe('y');
  expect(() => open(createKeyring('another master secret'), sealed, 'ep_1')).toThrow(UnsealError);
});
