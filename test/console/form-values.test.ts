import { bodyText, JsonText, notePayload, withPayload } from '../../console/api/exact-payload.js';
import {
  headersOf,
  headersText,
  localInput,
  momentOrNull,
  numberOrNull,
  onLines,
  onlyChanges,
  payloadKind,
  payloadOf,
  payloadText,
  withoutNulls,
  wordsOf,
} from '../../console/components/form-values.js';
import { jsonFault } from '../../console/components/json-fault.js';

const json = (payload: string | undefined) => ({ payload, payload_kind: 'json' });
const shown = (payload: unknown) => ({ payload: payloadText(payload), payload_kind: payloadKind(payload) });

test.each([
  [new JsonText('{"2":10.00,"1":[12345678901234567890,-0,{}],"a":1,"a":2}')],
  [new JsonText('42')],
  ['plain text'],
  ['{"a": 1}'],
  [' 42 '],
  [null],
])('the payload %j comes back from its text', (payload) => {
  expect(payloadOf(shown(payload), payload)).toBe(payload);
});

test('a text keeps its line ends, of which a text area shows one kind', () => {
  expect(payloadOf({ payload: 'a\nb\nc', payload_kind: 'text' }, 'a\r\nb\rc')).toBe('a\r\nb\rc');
});

test('what is typed as JSON is sent as it was typed, and shown over several lines', () => {
  const typed = '{ "2": 10.00, "1": [12345678901234567890, -0, {}] }';
  const payload = payloadOf(json(typed), 'before') as JsonText;
  expect(payload).toEqual(new JsonText(typed));
  expect(payloadText(payload)).toBe('{\n  "2": 10.00,\n  "1": [\n    12345678901234567890,\n    -0,\n    {}\n  ]\n}');
  expect(bodyText({ ...{ name: 'n' }, payload })).toBe(`{"name":"n","payload":${typed}}`);
  expect(bodyText({ payload })).toBe(`{"payload":${typed}}`);
  expect(payloadOf(json('"a text"'))).toBe('a text');
  expect(['', ' ', undefined, 'null'].map((text) => payloadOf(json(text)))).toEqual([null, null, null, null]);
  expect(onLines('no {json}')).toBe('no {json}');
});

test('a text stays a text, and what was chosen to be JSON is sent as nothing else', () => {
  expect(payloadOf({ payload: '{"a": 1}', payload_kind: 'text' })).toBe('{"a": 1}');
  expect(payloadOf({ payload: '{"a": 1}', payload_kind: 'json' }, '{"a": 1}')).toEqual(new JsonText('{"a": 1}'));
  expect(() => payloadOf(json('{"a": 1,}'))).toThrow(SyntaxError);
});

test.each([
  ['{"a": 1,}', 'This is no JSON. Property name expected: line 1, column 9.'],
  ['{\n  "a": 1\n  "b": 2\n}', 'This is no JSON. Comma expected: line 3, column 3.'],
  ['[1, 2', 'This is no JSON. Close bracket expected: line 1, column 6.'],
  ['{"a": 1} // note', 'This is no JSON. Invalid comment token: line 1, column 10.'],
  ['hello', 'This is no JSON. Invalid symbol: line 1, column 1.'],
  ['{"a": 1}', undefined],
  ['  ', undefined],
])('the fault of %j is %j', (text, fault) => {
  expect(jsonFault(text)).toBe(fault);
});

test('an answer shows its payload as it is written', async () => {
  const answer = async (payload: string) => {
    const response = new Response(`{"id":"run_1","payload":${payload}}`, {
      headers: { 'content-type': 'application/json; charset=utf-8' },
    });
    await notePayload(response);
    return withPayload(await response.json(), response);
  };
  expect(await answer('{"1":10.00}')).toEqual({ id: 'run_1', payload: new JsonText('{"1":10.00}') });
  expect(await answer('"text"')).toEqual({ id: 'run_1', payload: 'text' });
  expect(await answer('null')).toEqual({ id: 'run_1', payload: null });
});

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
