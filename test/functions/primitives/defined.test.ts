import { defined } from '../../../functions/primitives/defined.js';

test('leaves out what is undefined, and nothing else', () => {
  const fields = defined({ name: undefined, key: '', count: 0, isOn: false, end: null });
  expect(Object.entries(fields)).toEqual([
    ['key', ''],
    ['count', 0],
    ['isOn', false],
    ['end', null],
  ]);
});
