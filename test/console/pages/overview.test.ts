import { shareText } from '../../../console/pages/overview/stats.js';

test.each([
  [0, 0, '–'],
  [1, 1, '100 %'],
  [99_999, 100_000, '99.99 %'],
  [999_999, 1_000_000, '99.99 %'],
  [1, 3, '33.33 %'],
  [0, 7, '0 %'],
])('%d of %d is %s: a failure among a million still shows', (part, whole, text) => {
  expect(shareText(part, whole)).toBe(text);
});
