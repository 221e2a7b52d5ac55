import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { COMPARISONS } from './comparisons.js';

for (const { name, missing } of COMPARISONS) {
  const lacking = missing();
  const why = lacking === undefined ? '' : ` (skipped: ${lacking}; npm run conformance fetches it)`;

  (lacking === undefined ? test : test.skip)(
    `what our servers do holds for ${name} too${why}`,
    () => {
      const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', join(__dirname, 'main.ts'), name], {
        encoding: 'utf8',
        env: { ...process.env, JEST_WORKER_ID: undefined },
      });
      expect({ status, told: status === 0 ? '' : stderr }).toEqual({ status: 0, told: '' });
    },
    300_000,
  );
}
