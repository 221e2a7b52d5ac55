import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientsDocument } from '../../../lib/clients-document.js';
import { doubleDefaults } from '../double-defaults.js';

const read = (file: string): string => readFileSync(join(__dirname, '../../../clients', file), 'utf8');

test.each(['python/punctual/double.json', 'go/punctualtest/double.json'])(
  '%s has what the double of the client for JavaScript shows; if not: npm run clients:types',
  async (file) => {
    expect(JSON.parse(read(file))).toEqual(await doubleDefaults());
  },
);

test('the document of the clients has what a key uses, each list its filters, and nothing else', () => {
  const { schemas } = JSON.parse(clientsDocument().text).components;
  expect(schemas).toMatchObject({ NewTask: {}, TaskRunWithAttempts: {}, Problem: {}, ListTasksQuery: {} });
  expect(Object.keys(schemas.ListTasksQuery.properties)).toEqual(
    expect.arrayContaining(['cursor', 'page_size', 'label']),
  );
  expect(schemas.ListTasksQuery.properties).not.toHaveProperty('project_id');
  for (const other of ['Session', 'ApiKey', 'CronJobShown', 'DeliveryAttemptCsv'])
    expect(schemas).not.toHaveProperty(other);
});
