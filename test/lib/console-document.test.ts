import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { consoleDocument } from '../../lib/console-document.js';

const types = readFileSync(join(__dirname, '../../console/api/schema.d.ts'), 'utf8');

test('the types of the console and of the client are those of the API of today; if not: npm run console:types', () => {
  const [header] = types.split('\n');
  expect(header).toContain(consoleDocument().digest);
});

test('the console knows nothing of the dialects', () => {
  expect(types).toContain('"/v1/tasks"');
  expect(types).not.toContain('"/api/');
});
