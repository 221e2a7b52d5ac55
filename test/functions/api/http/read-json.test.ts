import fc from 'fast-check';
import { readJson } from '../../../../functions/api/http/read-json.js';
import { InvalidRequestError } from '../../../../functions/primitives/faults.js';
import { JsonText, toJson } from '../../../../functions/primitives/json-text.js';

const read = (json: string) => readJson(json, { kept: ['payload'], maxDepth: 200, maxMembers: Infinity });
const valueIn = (json: string) => read(json).value;
const keptOf = (payload: string) => toJson((valueIn(`{"payload":${payload}}`) as { payload: unknown }).payload);
const faultsAt = (json: string) => read(json).faults.map(({ pointer }) => pointer);
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

/** The position that the complaint names; undefined where there is none. */
function offsetOf(json: string): number | undefined {
  try {
    read(json);
    return undefined;
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    return Number(/position (\d+)/.exec(error.faults[0]!.message)?.[1]);
  }
}

describe('what is kept is the text that was sent', () => {
  test.each([
    '{"amount":10.00}',
    '52.37403000000000123',
    '1e-400',
    '-0',
    '-0.0',
    '9007199254740993',
    '12345678901234567890',
    '1.7976931348623157e308',
    '1E+400',
    '{"2":1,"1":2,"b":3,"a":4}',
    '{"a":1,"a":2}',
    '{"__proto__":{"x":1},"constructor":null}',
    '"\\u0041\\/\\n"',
    '"a string, of which the text is made"',
    '["\\ud800","\\u00e4","ä"]',
    'true',
    'null',
    '[]',
    '{"payload":{"payload":10.0}}',
    nested(199),
  ])('%s', (payload) => {
    const isString = payload.startsWith('"');
    expect(keptOf(payload)).toBe(isString ? JSON.stringify(JSON.parse(payload)) : payload);
  });

  test('but for the white space between its tokens', () => {
    expect(keptOf(' {\n "a b" :\t[ 1.0 ,\r\n2 ], "\\" c ": " d\u00a0 " } ')).toBe(
      '{"a b":[1.0,2],"\\" c ":" d\u00a0 "}',
    );
  });

  test('a string or null is a value', () => {
    expect(valueIn('{"payload":" text\\n"}')).toEqual({ payload: ' text\n' });
    expect(valueIn('{"payload":null}')).toEqual({ payload: null });
  });

  test('in each entry of a batch', () => {
    const value = valueIn('{"tasks":[{"payload":{"n":1.0}},{"payload":[ 2.0 ]},{"other":{"payload":3.0}}]}');
    const payload = (text: string) => ({ payload: new JsonText(text) });
    expect(value).toEqual({ tasks: [payload('{"n":1.0}'), payload('[2.0]'), { other: payload('3.0') }] });
  });
});

test('the rest is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false } as fc.JsonSharedConstraints), (value) => {
      const json = JSON.stringify(value);
      const { value: got, faults } = read(json);
      if (faults.length === 0) expect(toJson(got)).toBe(JSON.stringify(JSON.parse(json)));
    }),
  );
});

test('what JSON.parse takes is taken, and nothing else', () => {
  const soup = fc.string({
    unit: fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"',
      '\\',
      '1',
      '0',
      '-',
      '.',
      'e',
      '+',
      ' ',
      '\n',
      'true',
      'null',
      'a',
      '/',
      '*',
      'u00',
      '\u0001',
      '\t',
      '\ufeff',
      '\u00a0',
    ),
    maxLength: 8,
  });
  const isJson = (text: string) => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(
      fc.oneof(
        soup,
        soup.map((text) => `"${text}"`),
        soup.map((text) => `{"payload":${text}}`),
      ),
      (text) => {
        expect(offsetOf(text) === undefined).toBe(isJson(text));
      },
    ),
    { numRuns: 3000 },
  );
});

test.each([
  ['   ', 3],
  ['{"a": 1', 7],
  ['{"a": nope}', 6],
  ['{} x', 3],
  ['{"a" 1}', 5],
  ['{"a":1,}', 7],
  ['[1,]', 3],
  ['[1 2]', 3],
  ["{'a':1}", 1],
  ['{"a":01}', 6],
  ['"open', 0],
  ['["\\x"]', 1],
  ['["line\nbreak"]', 1],
  ['[1}', 2],
  ['{"payload":{"a":nope}}', 16],
  ['// a remark\n{}', 0],
  ['\ufeff\ufeff{}', 0],
])('%j stops being JSON at %d', (text, offset) => {
  expect(offsetOf(text)).toBe(offset);
});

test.each([
  '{"a":[1,-1.5,9007199254740991,-9007199254740991,"9007199254740993"]}',
  '"\\ud83c\\udf89 and \\u0000"',
  '{"payload":{"__proto__":{"admin":true},"constructor":1,"a":1,"a":2,"b":9007199254740993}}',
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
  ['half a pair in a text to be sent', '{"payload":"x\\ud83c"}', ['/payload']],
  ['half a pair in a name, shown as U+FFFD', '{"\\udf89":1}', ['/\ufffd']],
  ['a pair the wrong way round', '["\\udf89\\ud83c"]', ['/0']],
  ['special characters in the pointer', '{"a/b~c":9007199254740993}', ['/a~1b~0c']],
  ['a name given twice', '{"a":1,"b":{"a":1,"a":2},"a":1}', ['/b/a', '/a']],
  ['a payload given twice', '{"payload":{},"payload":1}', ['/payload']],
  [
    'a name of JavaScript',
    '{"headers":{"__proto__":"x","constructor":"y"}}',
    ['/headers/__proto__', '/headers/constructor'],
  ],
  ['several at once', '[9007199254740993,"\\ud800"]', ['/0', '/1']],
])('finds %s', (_name, json, pointers) => {
  expect(faultsAt(json)).toEqual(pointers);
});

test('a member at fault is left out, so that it is told once', () => {
  const { value } = read('{"a":1,"__proto__":{"admin":true},"a":{"b":2}}');
  expect(value).toEqual({ a: 1 });
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});

test.each([nested(201), `{"payload":${nested(200)}}`, '['.repeat(5_000_000)])('%#: 201 levels are too many', (json) => {
  expect(() => read(json)).toThrow('Nested deeper than 200 levels.');
});

test('hostile bodies cost little time, no stack, and at most 100 faults', () => {
  const before = process.cpuUsage();
  expect(faultsAt(`[${'1e99,'.repeat(200_000)}1]`)).toHaveLength(100);
  expect(faultsAt(`[${'[],'.repeat(200_000)}1]`)).toEqual([]);
  expect(faultsAt(`"${'\\ud83c'.repeat(200_000)}"`)).toHaveLength(1);
  expect(offsetOf(`"${'\\"'.repeat(1_000_000)}`)).toBe(0);
  expect(offsetOf(`[${'1,'.repeat(300_000)}`)).toBe(600_001);
  expect(keptOf(`[ ${'"\\"", '.repeat(200_000)}1]`)).toHaveLength(200_000 * 5 + 3);
  expect(Object.keys(valueIn(`{${Array.from({ length: 50_000 }, (_, n) => `"${n}":1`)}}`) as object)).toHaveLength(
    50_000,
  );
  // Of the processor, which others may keep from it for a while.
  expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
});
