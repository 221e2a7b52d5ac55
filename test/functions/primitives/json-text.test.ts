import fc from 'fast-check';
import { isJsonObject, JsonText, toJson } from '../../../functions/primitives/json-text.js';

test('a JSON text stands where it is put, however deep, and beside others', () => {
  const value = { a: new JsonText('10.00'), b: [new JsonText('{"1":1,"1":2}'), 'c'], d: null, e: undefined };
  expect(toJson(value)).toBe('{"a":10.00,"b":[{"1":1,"1":2},"c"],"d":null}');
  expect(toJson(new JsonText('-0'))).toBe('-0');
});

test('what holds none is what JSON.stringify makes of it, and no text can pass for one', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = JSON.stringify(value);
      expect(toJson(value)).toBe(json);
      expect(toJson({ text: new JsonText('1.0'), value })).toBe(`{"text":1.0,"value":${json}}`);
    }),
  );
  const lookalikes = ['\\ud8000', '"\\ud8000"', '\ufffd0'];
  expect(toJson([new JsonText('1.0'), ...lookalikes])).toBe(`[1.0,${JSON.stringify(lookalikes).slice(1)}`);
});

test('an object is one as a text, too', () => {
  expect([{}, new JsonText('{}'), new JsonText(' {"a":1}')].every(isJsonObject)).toBe(true);
  expect([[], null, 'text', new JsonText('[]'), new JsonText('1')].some(isJsonObject)).toBe(false);
});
