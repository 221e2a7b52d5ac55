import {
  headersOf,
  headersText,
  localInput,
  momentOrNull,
  numberOrNull,
  payloadOf,
  payloadText,
  withoutNulls,
  wordsOf,
} from '../../console/components/form-values.js';

test.each([[{ a: [1, 'zwei'] }], ['plain text'], [null], [42], [true]])(
  'the payload %j comes back from its text',
  (payload) => {
    expect(payloadOf(payloadText(payload))).toEqual(payload);
  },
);

test('headers are lines, and a value may hold colons', () => {
  const headers = { 'X-Tenant': 'acme', 'X-Link': 'https://example.com:8443/a' };
  expect(headersOf(headersText(headers))).toEqual(headers);
  expect(headersOf('\n  \nX-Empty:')).toEqual({ 'X-Empty': '' });
});

test('empty is none, and what is no number is left for the API to refuse', () => {
  expect([undefined, '', '  '].map(numberOrNull)).toEqual([null, null, null]);
  expect(numberOrNull('0.5')).toBe(0.5);
  expect(numberOrNull('five')).toBeNaN();
  expect(withoutNulls({ a: null, b: 0, c: '' })).toEqual({ b: 0, c: '' });
  expect(wordsOf(' a.*, b\nc ')).toEqual(['a.*', 'b', 'c']);
});

test('a moment is the same after the field has shown it', () => {
  const at = '2026-07-01T10:30:00.000Z';
  expect(momentOrNull(localInput(at))).toBe(at);
  expect(momentOrNull('')).toBeNull();
  expect([null, undefined, 'yesterday'].map(localInput)).toEqual(['', '', '']);
});
