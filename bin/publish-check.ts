import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { releaseFaults } from '../lib/release-faults.js';
import { version } from '../package.json';

const ROOT = join(__dirname, '..');
const git = (...args: string[]) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' });

/** `npm run publish:check`: whether this commit may be published. */
const faults = releaseFaults({
  version,
  changelog: readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8'),
  changed: git('status', '--porcelain'),
  tags: git('tag', '--points-at', 'HEAD'),
});
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
