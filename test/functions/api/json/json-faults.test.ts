import { jsonFaults } from '../../../../functions/api/json/json-faults.js';

const faultsAt = (json: string) =>
  jsonFaults(JSON.parse(json))
    .map(({ pointer }) => pointer)
    .sort();
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

test.each([
  '{"a":[1,-1.5,9007199254740991,-9007199254740991,"9007199254740993"]}',
  '"\\ud83c\\udf89 and \\u0000"',
  '{"__proto__":{"admin":true},"constructor":1,"a":1,"a":2}',
  nested(200),
  'null',
])('nothing is wrong with %#', (json) => {
  expect(faultsAt(json)).toEqual([]);
});

test.each([
  ['an integer beyond 2^53', '{"a":{"b":[0,9007199254740993]}}', ['/a/b/1']],
  ['a negative one', '-9007199254740993', ['']],
  ['what is infinite as a number', '[1e400]', ['/0']],
  ['half a pair in a value', '{"a":"x\\ud83c"}', ['/a']],
  ['half a pair in a key, shown as U+FFFD', '{"\\udf89":1}', ['/\ufffd']],
  ['a pair the wrong way round', '["\\udf89\\ud83c"]', ['/0']],
  ['special characters in the pointer', '{"a/b~c":9007199254740993}', ['/a~1b~0c']],
  ['several at once', '[9007199254740993,"\\ud800"]', ['/0', '/1']],
])('finds %s', (_name, json, pointers) => {
  expect(faultsAt(json)).toEqual(pointers);
});

test('nesting deeper than 200 levels is one fault', () => {
  const faults = jsonFaults(JSON.parse(nested(202)));
  expect(faults).toHaveLength(1);
  expect(faults[0]!.message).toContain('200');
});

test('hostile bodies cost little time, no stack, and at most 100 faults', () => {
  const before = process.cpuUsage();
  expect(jsonFaults(JSON.parse(nested(128 * 1024)))).toHaveLength(1);
  expect(jsonFaults(JSON.parse(`[${'1e99,'.repeat(500_000)}1]`))).toHaveLength(100);
  expect(jsonFaults(JSON.parse(`[${'[],'.repeat(500_000)}1]`))).toEqual([]);
  expect(jsonFaults('\ud83c'.repeat(1_000_000))).toHaveLength(1);
  // Of the processor, which others may keep from it for a while.
  expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
});
