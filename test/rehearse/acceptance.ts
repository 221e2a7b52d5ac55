import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Told } from '../stories/tell-all.js';
import type { Assembly, Json } from './assembly.js';
import type { Emulator } from './emulator.js';
import { launch } from './processes.js';

const ROOT = join(__dirname, '../..');
const LINE = /^(passed|FAILED|left out) +[\d.]+ s {2}(.*)((?:\n {4}.*)*)$/gm;

/** `npm run accept -- --stage dev --short` against the emulator, as what came of its steps. */
export async function acceptance(emulator: Emulator, assembly: Assembly, receiver: string): Promise<Told[]> {
  assembly.change((template) => addressByPath(template, emulator.url));
  const options = ['--stage', 'dev', '--short', '--app', assembly.folder, '--receiver', receiver];
  const report = ['--report', join(assembly.folder, 'acceptance.md')];
  const args = ['--import', 'tsx', 'test/accept/main.ts', ...options, ...report];
  const { child, printed } = launch(process.execPath, args, { cwd: ROOT, env: emulator.env });
  await once(child, 'close');
  const text = printed();
  const [, left = ''] = text.split('What is left:');
  assert.equal([...left.matchAll(/ delete-secret /g)].length, 2, text);
  return [...text.matchAll(LINE)]
    .filter(([, verdict]) => verdict !== 'left out')
    .map(([, verdict, name, why]) => ({
      name: `accept: ${name}`,
      ms: 0,
      ...(verdict === 'FAILED' && { fault: new Error(why) }),
    }));
}

/** The host names that the emulator gives to APIs need a resolver that knows them. */
function addressByPath({ Resources, Outputs }: Json, url: string): void {
  const [id] = Object.entries<Json>(Resources).find(([, { Type }]) => Type === 'AWS::ApiGatewayV2::Api')!;
  Outputs.ApiUrl.Value = { 'Fn::Join': ['', [`${url}/_aws/execute-api/`, { Ref: id }, '/$default']] };
}
