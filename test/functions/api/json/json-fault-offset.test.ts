import fc from 'fast-check';
import { jsonFaultOffset } from '../../../../functions/api/json/json-fault-offset.js';

test.each([
  ['', 0],
  ['   ', 3],
  ['{"a": 1', 7],
  ['{"a": nope}', 6],
  ['{} x', 3],
  ['{"a" 1}', 5],
  ['{"a":1,}', 7],
  ['[1,]', 3],
  ['[1 2]', 3],
  ["{'a':1}", 1],
  ['{"a":01}', 5],
  ['"open', 5],
  ['["\\x"]', 1],
  ['["line\nbreak"]', 1],
  ['[1}', 2],
  ['\ufeff\ufeff{}', 0],
])('%j stops being JSON at %d', (text, offset) => {
  expect(jsonFaultOffset(text)).toBe(offset);
});

test('whatever is put behind valid JSON is found right there', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      expect(jsonFaultOffset(`${json} !`)).toBe(json.length + 1);
      expect(jsonFaultOffset(`[${json},!`)).toBe(json.length + 2);
      expect(jsonFaultOffset(`{"k":${json}`)).toBe(json.length + 5);
    }),
  );
});

test('is linear in large bodies', () => {
  const before = process.cpuUsage();
  expect(jsonFaultOffset('['.repeat(5_000_000))).toBe(5_000_000);
  expect(jsonFaultOffset(`"${'\\"'.repeat(2_000_000)}`)).toBe(4_000_001);
  expect(jsonFaultOffset(`[${'1,'.repeat(1_000_000)}`)).toBe(2_000_001);
  // Of the processor, which others may keep from it for a while.
  expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
});
