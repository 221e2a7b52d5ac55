import { readJsonBody } from '../../../../functions/api/http/json-body.js';
import { BodyTooLargeError, UnsupportedMediaTypeError } from '../../../../functions/api/http/problem.js';
import { InvalidRequestError } from '../../../../functions/primitives/faults.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const text = (body: string, headers: Record<string, string> = {}) => ({
  body,
  isBase64Encoded: false,
  headers: { ...JSON_TYPE, ...headers },
});
const bytes = (body: Buffer) => ({ body: body.toString('base64'), isBase64Encoded: true, headers: JSON_TYPE });

function faultOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof InvalidRequestError) return error.faults[0]!.message;
    throw error;
  }
  throw new Error('nothing was wrong');
}

test('reads text and base64 alike', () => {
  const value = { a: ['ü🎉\u0000'] };
  expect(readJsonBody(text(JSON.stringify(value)))).toEqual({ value, faults: [] });
  expect(readJsonBody(bytes(Buffer.from(JSON.stringify(value))))).toEqual({ value, faults: [] });
});

test('no body is an empty object, whatever its type', () => {
  expect(readJsonBody({ isBase64Encoded: false, headers: {} }).value).toEqual({});
});

test.each([
  ['no type', {}],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['text', { 'content-type': 'text/json' }],
  ['another charset', { 'content-type': 'application/json; charset=latin1' }],
  ['compressed', { ...JSON_TYPE, 'content-encoding': 'gzip' }],
])('415 for %s', (_name, headers) => {
  expect(() => readJsonBody({ body: '{}', isBase64Encoded: false, headers })).toThrow(UnsupportedMediaTypeError);
});

test.each(['application/json; charset=UTF-8', 'Application/JSON', 'application/merge-patch+json'])(
  'takes %s',
  (type) => {
    expect(readJsonBody(text('{"a":1}', { 'content-type': type })).value).toEqual({ a: 1 });
  },
);

test('names the place of what is not JSON, without quoting it', () => {
  const message = faultOf(() => readJsonBody(text('{"secret": nope}')));
  expect(message).toBe('Send JSON: the body is not JSON from position 11 on.');
});

test('invalid UTF-8 is refused, also when API Gateway has replaced it already', () => {
  expect(faultOf(() => readJsonBody(bytes(Buffer.from([0x22, 0xff, 0x22]))))).toContain('UTF-8');
  expect(faultOf(() => readJsonBody(text('"\ufffd"', { 'content-length': '3' })))).toContain('UTF-8');
  expect(readJsonBody(text('"\ufffd"', { 'content-length': '5' })).value).toBe('\ufffd');
});

test.each([
  [64 * 1024, undefined],
  [5 * 1024 * 1024, 5 * 1024 * 1024],
])('%d bytes are taken, one byte more is not', (limit, given) => {
  const body = (length: number) => `"${'x'.repeat(length - 2)}"`;
  expect(readJsonBody(text(body(limit)), given).value).toHaveLength(limit - 2);
  expect(() => readJsonBody(text(body(limit + 1)), given)).toThrow(BodyTooLargeError);
});

test.each<[string, (count: number) => unknown]>([
  ['members', (count) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`x${n}`, 1]))],
  ['elements', (count) => Array(count).fill(0)],
  ['objects in a list', (count) => Array(count).fill({ x: [] })],
])('a thousand %s are taken, one more is not, and a payload has as many as it likes', (_what, make) => {
  const read = (value: unknown) => readJsonBody(text(JSON.stringify(value)));
  expect(read({ inside: make(1_000) }).faults).toEqual([]);
  expect(faultOf(() => read({ inside: make(1_001) }))).toContain('1000 members');
  expect(read({ payload: make(3_000) }).faults).toEqual([]);
});
