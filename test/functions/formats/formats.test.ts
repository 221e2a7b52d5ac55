import { contentTypeOf, formatHeaders, renderBody } from '../../../functions/formats/formats.js';
import { makeId, uuidOf } from '../../../functions/primitives/ids.js';

const id = makeId('run', 1_800_000_000_000, Buffer.alloc(8, 7), 3);
const json = { format: 'json', body: '{"n":1e2}' } as const;
const text = { format: 'text', body: 'hello' } as const;

test.each([
  ['no payload', undefined, undefined, undefined],
  ['no payload, in an envelope', 'dispatch', undefined, 'application/json'],
  ['JSON', undefined, json, 'application/json'],
  ['JSON, in an envelope', 'dispatch', json, 'application/json'],
  ['text', undefined, text, 'text/plain; charset=utf-8'],
] as const)('the content type of %s', (_what, body_format, payload, type) => {
  expect(contentTypeOf({ ...(body_format && { body_format }), ...(payload && { payload }) })).toBe(type);
});

test.each([
  ['no payload has no body', undefined, undefined, ''],
  ['a payload is sent byte for byte', undefined, json, json.body],
  ['a text is sent byte for byte', 'notification', text, text.body],
] as const)('%s', (_what, body_format, payload, body) => {
  const run = { id, ...(body_format && { body_format }), ...(payload && { payload }) };
  expect(renderBody(run, 0).toString()).toBe(body);
});

test.each([
  [json, json.body],
  [undefined, '{}'],
] as const)('the envelope of the dispatch dialect has the payload %j verbatim', (payload, body) => {
  const run = { id, title: 'a "title"', body_format: 'dispatch', ...(payload && { payload }) } as const;
  expect(renderBody(run, 1_800_000_000_123).toString()).toBe(
    `{"jobId":"${uuidOf(id)}","title":"a \\"title\\"","payload":${body},"firedAt":"2027-01-15T08:00:00.123Z"}`,
  );
});

test('a notification is signed with the newest secret alone', () => {
  const signed = (secrets: string[]) =>
    formatHeaders('notification', { id, body: Buffer.from('b'), timestamp: 1, secrets });
  expect(signed(['new', 'old'])).toEqual(signed(['new']));
  expect(signed(['new'])).not.toEqual(signed(['old']));
  expect(signed(['new'])['x-cronflow-idempotency-key']).toBe(id);
});
