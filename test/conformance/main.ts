import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fetchDynamoDbLocal, startDynamoDbLocal, whatIsMissing } from './dynamodb-local.js';

const ROOT = join(__dirname, '../..');
/** Suites that say nothing of our own server alone, the contracts of the stores, and the functions' own stories. */
const SUITES = [
  ...['items', 'queries', 'expressions-again'].map((name) => `test/local/dynamodb/${name}.test.ts`),
  'test/contracts/dynamodb.test.ts',
];
/** What the adapters do beyond their contracts. It takes too long for every `npm test`. */
const ADAPTERS = [
  ...['audit-trail', 'dead-letter-lists', 'endpoint-seconds', 'endpoint-stores', 'event-store', 'listeners'],
  ...['run-lists', 'stats-store'],
].map((name) => `test/functions/adapters/dynamodb/${name}.test.ts`);
const STORIES = [...ADAPTERS, 'test/e2e/stories.test.ts'];

/**
 * Holds the suites of the local DynamoDB, the contracts of the stores and, unless `--suites-only` is given, the functions
 * themselves against Amazon's DynamoDB Local: what both do is likely what AWS does. Without Java, or without a network to
 * fetch it, it says so and is content.
 */
async function main(): Promise<void> {
  const suites = process.argv.includes('--suites-only') ? SUITES : [...SUITES, ...STORIES];
  try {
    if (whatIsMissing()?.includes('is not in')) fetchDynamoDbLocal();
  } catch (error) {
    console.log(`SKIPPED: DynamoDB Local cannot be fetched: ${(error as Error).message}`);
    return;
  }
  const missing = whatIsMissing();
  if (missing !== undefined) return console.log(`SKIPPED: no comparison with DynamoDB Local, since ${missing}`);
  const { url, stop } = await startDynamoDbLocal();
  try {
    const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
    const env = { ...process.env, CONFORMANCE_DYNAMODB: url };
    const args = [jest, '--runInBand', '--runTestsByPath', ...suites];
    process.exitCode = spawnSync(process.execPath, args, { cwd: ROOT, env, stdio: 'inherit' }).status ?? 1;
  } finally {
    await stop();
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
