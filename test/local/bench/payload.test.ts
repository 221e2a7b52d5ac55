import { payloadOf } from '../../../local/bench/payload.js';

test('a payload has the wanted size, and is another for another seed', () => {
  for (const bytes of [1024, 16 * 1024]) {
    const { length } = JSON.stringify(payloadOf(bytes, 1));
    expect(length).toBeGreaterThanOrEqual(bytes);
    expect(length).toBeLessThan(bytes + 120);
  }
  expect(payloadOf(1024, 1)).toEqual(payloadOf(1024, 1));
  expect(payloadOf(1024, 1)).not.toEqual(payloadOf(1024, 2));
});
