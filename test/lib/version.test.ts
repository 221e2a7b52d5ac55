import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../package.json';
import lock from '../../package-lock.json';
import { deployed, ofType } from './synthesized.js';

test('the version is one fact: in the changelog, the lock file, the outputs and the environment', () => {
  const changelog = readFileSync(join(__dirname, '../../CHANGELOG.md'), 'utf8');
  expect(changelog.match(/^## (.*)$/m)![1]).toBe(version);
  expect([lock.version, lock.packages[''].version]).toEqual([version, version]);
  for (const template of deployed) {
    expect(template.outputs['Version']).toEqual({ Value: version });
    const functions = Object.entries(ofType(template, 'AWS::Lambda::Function')).filter(
      ([id]) => !id.startsWith('Custom'),
    );
    for (const [, { Properties }] of functions) expect(Properties.Environment.Variables.VERSION).toBe(version);
  }
});
