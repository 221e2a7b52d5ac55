import {
  headersOf,
  headersPatch,
  headersText,
  localInput,
  momentOrNull,
  numberOrNull,
  onlyChanges,
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

test('a change names what was changed alone', () => {
  const shown = { name: 'a', cron: '* * * * *', run_at: null, payload: { a: [1] }, target: { url: 'x' }, upcoming: [] };
  const given = {
    name: 'b',
    cron: '* * * * *',
    run_at: null,
    payload: { a: [1] },
    target: { url: 'x' },
    max_runs: null,
  };
  expect(onlyChanges(given, shown)).toEqual({ name: 'b' });
  expect(onlyChanges({ ...given, cron: null, run_at: '2030' }, shown)).toEqual({
    name: 'b',
    cron: null,
    run_at: '2030',
  });
  expect(onlyChanges({ payload: { a: [1, 2] } }, shown)).toEqual({ payload: { a: [1, 2] } });
});

test('headers are lines, and a value may hold colons', () => {
  const headers = { 'X-Tenant': 'acme', 'X-Link': 'https://example.com:8443/a' };
  expect(headersOf(headersText(headers))).toEqual(headers);
  expect(headersOf('\n  \nX-Empty:')).toEqual({ 'X-Empty': '' });
});

test('a header that is gone is taken away by the patch', () => {
  expect(headersPatch({ A: '1', B: '2' }, { B: '3', C: '4' })).toEqual({ A: null, B: '3', C: '4' });
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
