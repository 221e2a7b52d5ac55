import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { whatIsMissing } from './dynamodb-local.js';

const missing = whatIsMissing();
const why = missing === undefined ? '' : ` (skipped: ${missing}; npm run conformance fetches it)`;

(missing === undefined ? test : test.skip)(
  `the suites of our DynamoDB hold for Amazon's DynamoDB Local too${why}`,
  () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', join(__dirname, 'main.ts'), '--suites-only'],
      { encoding: 'utf8', env: { ...process.env, JEST_WORKER_ID: undefined } },
    );
    expect({ status, told: status === 0 ? '' : stderr }).toEqual({ status: 0, told: '' });
  },
  120_000,
);
