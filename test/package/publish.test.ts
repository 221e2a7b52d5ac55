import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { releaseFaults } from '../../lib/release-faults.js';
import { scripts } from '../../package.json';

const GOOD = { version: '0.4.0', changelog: '# Changelog\n\n## 0.4.0\n\n## 0.3.0\n', changed: '', tags: 'v0.4.0\n' };

test.each([
  ['nothing', GOOD, []],
  [
    'a version that the changelog does not begin with',
    { ...GOOD, version: '0.3.0', tags: 'v0.3.0' },
    [/begins with 0\.4\.0/],
  ],
  ['a changelog without a version', { ...GOOD, changelog: '' }, [/begins with undefined/]],
  ['a file that is not committed', { ...GOOD, changed: '?? new.ts\n' }, [/not clean:\n\?\? new\.ts/]],
  ['a commit without its tag', { ...GOOD, tags: 'v0.4.0-beta\n' }, [/no tag v0\.4\.0/]],
])('%s keeps a commit from being published', (_, release, expected) => {
  const faults = releaseFaults(release);
  expect(faults).toHaveLength(expected.length);
  for (const [at, fault] of faults.entries()) expect(fault).toMatch(expected[at]!);
});

test('the workflow checks before it publishes, by commands that are there', () => {
  const workflow = readFileSync(join(__dirname, '../../.github/workflows/publish.yml'), 'utf8');
  const commands = [...workflow.matchAll(/run: npm run (\S+)/g)].map(([, name]) => name!);
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(commands));
  const steps = ['publish:check', 'check', 'test:slow', 'package', 'client:package'].map((name) =>
    workflow.indexOf(`npm run ${name}\n`),
  );
  const published = workflow.indexOf('npm publish ./build/client-package --provenance');
  expect(workflow).toContain('npm publish ./build/package --provenance');
  expect([...steps, published]).toEqual([...steps, published].sort((one, other) => one - other));
  expect(steps.every((at) => at > 0)).toBe(true);
});
