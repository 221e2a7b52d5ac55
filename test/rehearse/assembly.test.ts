import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../local/temporary-folder.js';
import { Assembly } from './assembly.js';

const folder = temporaryFolder();
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

test('a changed template is uploaded under the name of what it has become, again and again', () => {
  const first = hashOf('as it was synthesized');
  writeFileSync(join(folder, 'Punctual-dev.template.json'), '{"Resources": {"A": {"Type": "AWS::SQS::Queue"}}}');
  writeFileSync(join(folder, 'manifest.json'), `{"url": "s3://assets/${first}.json"}`);
  writeFileSync(join(folder, 'Punctual-dev.assets.json'), `{"files": {"${first}": {"objectKey": "${first}.json"}}}`);
  const assembly = new Assembly(folder, 'Punctual-dev');
  for (const Description of ['changed', 'changed again']) {
    assembly.change((template) => {
      template.Description = Description;
    });
    const hash = hashOf(readFileSync(join(folder, 'Punctual-dev.template.json'), 'utf8'));
    expect(assembly.template().Description).toBe(Description);
    expect(readFileSync(join(folder, 'manifest.json'), 'utf8')).toBe(`{"url": "s3://assets/${hash}.json"}`);
    const assets = JSON.parse(readFileSync(join(folder, 'Punctual-dev.assets.json'), 'utf8'));
    expect(assets).toEqual({ files: { [hash]: { objectKey: `${hash}.json` } } });
  }
  expect(assembly.resources('AWS::SQS::Queue')).toEqual([['A', { Type: 'AWS::SQS::Queue' }]]);
});
