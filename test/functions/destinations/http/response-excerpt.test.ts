import fc from 'fast-check';
import { bodyExcerpt } from '../../../../functions/destinations/body-excerpt.js';
import { headerExcerpt } from '../../../../functions/destinations/http/response-body.js';

test('a whole body is shown whole, bad bytes replaced', () => {
  expect(bodyExcerpt(Buffer.from('grüß \u{1F600}'), 100)).toBe('grüß \u{1F600}');
  expect(bodyExcerpt(Buffer.from([0x61, 0xff, 0x62, 0xc3]), 100)).toBe('a\ufffdb\ufffd');
});

test('a cut body ends with its last whole character, and never exceeds the limit', () => {
  const limit = 50;
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: limit }), (text) => {
      const excerpt = bodyExcerpt(Buffer.from(text).subarray(0, limit), limit);
      expect(text.startsWith(excerpt)).toBe(true);
      expect(Buffer.byteLength(excerpt)).toBeGreaterThan(limit - 4);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: limit }), (bytes) => {
      expect(Buffer.byteLength(bodyExcerpt(Buffer.from(bytes), limit))).toBeLessThanOrEqual(limit);
    }),
  );
});

test('headers become plain strings, long values are cut, and a header may bear any name', () => {
  const kept = headerExcerpt({
    'set-cookie': ['a', 'b'],
    'x-long': 'x'.repeat(2000),
    ...JSON.parse('{"__proto__":"p"}'),
  });
  expect(Object.entries(kept)).toEqual([
    ['set-cookie', 'a, b'],
    ['x-long', 'x'.repeat(1024)],
    ['__proto__', 'p'],
  ]);
});
