import schema from '../../cli/punctual-yaml.schema.json';
import { fileSchema } from '../../lib/file-schema.js';

test('the schema of punctual.yaml is that of the API of today; if not: npm run console:types', () => {
  expect(schema).toEqual(fileSchema());
});
