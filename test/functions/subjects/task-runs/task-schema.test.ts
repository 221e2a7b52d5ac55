import { givenPayload } from '../../../../functions/fields/payload-schema.js';
import { JsonText, toJson } from '../../../../functions/primitives/json-text.js';
import { taskSchema } from '../../../../functions/subjects/task-runs/task-run-schema.js';

const schema = taskSchema({ allowHttp: false, allowLoopback: false });
const target = { url: 'https://example.com/hook' };
const payloadOf = (payload: unknown) => schema.parse({ target, payload }).payload;
const faultsOf = (value: unknown) => schema.safeParse(value).error?.issues.map(({ path }) => path.join('/')) ?? [];

it.each([
  ['a string', 'héllo 🎉\u0000', { format: 'text', body: 'héllo 🎉\u0000' }],
  ['a string of JSON', '{"a": 1}', { format: 'text', body: '{"a": 1}' }],
  ['nothing at all', '', { format: 'text', body: '' }],
  ['an object', new JsonText('{"2":10.00,"1":-0}'), { format: 'json', body: '{"2":10.00,"1":-0}' }],
  ['null', null, { format: 'json', body: 'null' }],
  ['false', new JsonText('false'), { format: 'json', body: 'false' }],
])('sends %s as it is, and gives it back', (_name, given, stored) => {
  expect(payloadOf(given)).toEqual(stored);
  expect(toJson(givenPayload(payloadOf(given)))).toBe(toJson(given));
});

it('has no payload without one', () => {
  expect('payload' in schema.parse({ target })).toBe(false);
  expect(givenPayload(undefined)).toBeNull();
});

it('may have a name, by the rule of every name', () => {
  expect(schema.parse({ target, name: 'Trial expiry' }).name).toBe('Trial expiry');
  for (const name of ['', ' ', 'x'.repeat(201), 'a\u0000', 7, null])
    expect(faultsOf({ target, name })).toEqual(['name']);
});

const LIMIT = 256 * 1024;
it.each([
  ['ASCII', 'x'.repeat(LIMIT), 'x'],
  ['emoji, four bytes each', '🎉'.repeat(LIMIT / 4), '🎉'],
  ['JSON, its quotes counted', new JsonText(`{"a":"${'x'.repeat(LIMIT - 8)}"}`), undefined],
])('takes 256 KB of %s, and not a byte more', (_name, largest, more) => {
  expect(faultsOf({ target, payload: largest })).toEqual([]);
  const larger = typeof largest === 'string' ? largest + more : new JsonText(`${largest.text}0`);
  expect(faultsOf({ target, payload: larger })).toEqual(['payload']);
});

it('fills in what a target leaves out', () => {
  expect(schema.parse({ target }).target).toEqual({ ...target, method: 'POST', headers: {}, timeout_ms: 10_000 });
});

it('names all faults at once, those between fields too', () => {
  const wrong = {
    endpoint_id: 'ep_1',
    target: { url: 'http://10.0.0.1/', headers: { Host: 'x', 'X-A': 'a\r\nb' }, timeout_ms: 99 },
    run_at: 'tomorrow',
    delay_seconds: -1,
    colour: 'red',
  };
  expect(faultsOf(wrong).sort()).toEqual(
    ['', 'delay_seconds', 'delay_seconds', 'endpoint_id', 'endpoint_id', 'run_at'].concat([
      'target/headers/Host',
      'target/headers/X-A',
      'target/timeout_ms',
      'target/url',
    ]),
  );
});

it.each([
  [{}, ['endpoint_id']],
  [{ endpoint_id: null }, ['endpoint_id']],
  [{ target, run_at: true }, ['run_at']],
  [{ target, run_at: '2026-01-01T00:00:00' }, ['run_at']],
  [{ target, run_at: '2026-02-30T00:00:00Z' }, ['run_at']],
  [{ target, retry_policy_id: 'ep_0123' }, ['retry_policy_id']],
  ['text', ['']],
  [null, ['']],
])('refuses %j', (value, paths) => {
  expect([...new Set(faultsOf(value))]).toEqual(paths);
});
