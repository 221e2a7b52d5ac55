import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

// Another seed is another story: `npm run chaos -- --tasks 20000 --seed 2`.
test('sixty tasks, two kills, and nothing lost', () => {
  const story = ['--tasks', '60', '--seed', '7', '--kills', '2', '--kill-every', '2', '--fair'];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(__dirname, 'main.ts'), ...story],
    { encoding: 'utf8', timeout: 110_000 },
  );
  expect({ status, told: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, told: '' });
  expect(stdout).toMatch(/^accepted +60$/m);
  expect(stdout).toMatch(/^lost +0$/m);
}, 120_000);
