import { knownFields, unknownFields } from '../../../functions/fields/unknown-fields.js';

const known = { name: true, url: true } as const;
const value = { name: 'n', url: 'u', added_later: 1 };

test('an object is what this release knows, and what it does not know', () => {
  expect(knownFields(value, known)).toEqual({ name: 'n', url: 'u' });
  expect(unknownFields(value, known)).toEqual({ added_later: 1 });
});
