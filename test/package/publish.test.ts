import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import clientPackage from '../../clients/typescript/package.json';
import { releaseFaults } from '../../lib/release-faults.js';
import { scripts, version } from '../../package.json';

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

const read = (file: string): string => readFileSync(join(__dirname, '../..', file), 'utf8');
const workflow = read('.github/workflows/publish.yml');

test('the workflow checks before it publishes, by commands that are there', () => {
  const commands = [...workflow.matchAll(/run: npm run (\S+)/g)].map(([, name]) => name!);
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(commands));
  const steps = ['publish:check', 'check', 'test:slow', 'clients:check', 'package', 'client:package'].map((name) =>
    workflow.indexOf(`npm run ${name}\n`),
  );
  const published = workflow.indexOf('npm publish ./build/client-package --provenance');
  expect(workflow).toContain('npm publish ./build/package --provenance');
  expect([...steps, published]).toEqual([...steps, published].sort((one, other) => one - other));
  expect(steps.every((at) => at > 0)).toBe(true);
});

test('the clients for Python and Go follow the checks, without a token that is kept', () => {
  const { permissions, jobs } = parse(workflow);
  expect(permissions).toEqual({ contents: 'read', 'id-token': 'write' });
  expect(Object.keys(jobs)).toEqual(['publish', 'python', 'go']);
  expect(workflow).not.toContain('secrets.');
  const { python, go } = jobs;
  expect([python.needs, go.needs]).toEqual(['publish', 'publish']);
  const [, copy, build, upload] = python.steps;
  expect(copy.run).toMatch(/^cp -RL clients\/python /);
  expect(build.run.split(' ').at(-1)).toBe(copy.run.split(' ').at(-1));
  expect(upload.uses).toMatch(/^pypa\/gh-action-pypi-publish@/);
  expect(build.run).toContain(` --outdir ${upload.with['packages-dir']} `);
  expect(python).not.toHaveProperty('permissions');
  expect(go.permissions).toEqual({ contents: 'write' });
  const tag = `"clients/go/\${GITHUB_REF_NAME}"`;
  expect(go.steps.slice(-2)).toEqual([{ run: `git tag ${tag}` }, { run: `git push origin ${tag}` }]);
});

test('each client has the version of the service', () => {
  expect(clientPackage.version).toBe(version);
  expect(/^version = "(.*)"$/m.exec(read('clients/python/pyproject.toml'))![1]).toBe(version);
});
