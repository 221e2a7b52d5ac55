import { nameSchema } from '../../../functions/fields/name-schema.js';

const faultsOf = (name: unknown) => nameSchema.safeParse(name).error?.issues.map(({ message }) => message) ?? [];

test.each([
  'Läden 🏪',
  'ops 👩‍💻 on call',
  '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}',
  '❤️',
  'می‌خواهم',
  'क्‍ष',
  'خدمة الفواتير',
  '\u0600١٢٣',
  'a\u00a0b',
  ' kept as it is ',
  '\uf8ff',
  '-',
])('%j is a name', (name) => {
  expect(faultsOf(name)).toEqual([]);
});

test.each([
  ['a zero width space alone', '\u200b', 'U+200B'],
  ['text that is turned around', 'invoice\u202egpj.exe', 'U+202E'],
  ['an isolate of direction', 'a\u2066b', 'U+2066'],
  ['a mark of direction', 'a\u200fb', 'U+200F'],
  ['an Arabic mark of direction', 'a\u061cb', 'U+061C'],
  ['a soft hyphen', 'pay\u00adpal', 'U+00AD'],
  ['a byte order mark', '\ufeffbilling', 'U+FEFF'],
  ['a word joiner', 'a\u2060b', 'U+2060'],
  ['a language tag', 'a\u{e0001}', 'U+E0001'],
  ['a line separator', 'a\u2028b', 'U+2028'],
  ['a paragraph separator', 'a\u2029b', 'U+2029'],
  ['an annotation', 'a\ufff9b', 'U+FFF9'],
  ['a line break', 'a\nb', 'control characters'],
  ['a tab', 'a\tb', 'control characters'],
  ['control characters alone', '\u0000', 'control characters'],
  ['a C1 control', 'a\u0085b', 'control characters'],
  ['nothing', '', '1 to 200'],
  ['too much', 'x'.repeat(201), '1 to 200'],
  ['white space alone', ' \u00a0\u3000', 'can be seen'],
  ['a joiner alone', '\u200d', 'can be seen'],
  ['a variation selector alone', '\ufe0f', 'can be seen'],
  ['Hangul fillers alone', '\u3164\u115f', 'can be seen'],
  ['empty braille alone', '\u2800', 'can be seen'],
])('%s is no name, and the message says why', (_what, name, told) => {
  const faults = faultsOf(name);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(told);
});
