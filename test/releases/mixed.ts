import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Synthesized } from '../../local/local-stack.js';

const FOLDER = join(__dirname, '../../build/releases/mixed');

interface WithVariables {
  readonly Environment: { Variables: object };
}

/** What a mixed function prints for each invocation, with the number of the release: 0 is the old one. */
export const SERVED = /served by release ([01])$/;

/**
 * Both releases at the same time, as during a deployment: chance, which goes by the seed, chooses the bundle of each
 * invocation. The template is the new release's; a variable that only the old release knows is added.
 */
export function mixed(old: Synthesized, next: Synthesized, seed: number): Synthesized {
  const digest = createHash('sha256').update(JSON.stringify([old.assets, next.assets, seed]));
  const folder = join(FOLDER, digest.digest('hex').slice(0, 16));
  const template = structuredClone(next.template);
  const assets = Object.entries(next.assets).map(([id, code]) => {
    const before = old.assets[id];
    if (before === undefined) return [id, code];
    const { Environment } = template.Resources[id]!.Properties as WithVariables;
    const known = old.template.Resources[id]!.Properties as WithVariables;
    Environment.Variables = { ...known.Environment.Variables, ...Environment.Variables };
    const both = join(folder, basename(code));
    mkdirSync(both, { recursive: true });
    writeFileSync(join(both, 'handler.js'), choosing([before, code], seed));
    return [id, both];
  });
  return { template, assets: Object.fromEntries(assets) };
}

function choosing(bundles: readonly string[], seed: number): string {
  const files = bundles.map((bundle) => `require(${JSON.stringify(join(bundle, 'handler.js'))})`);
  return `const { createHash } = require('node:crypto');
const releases = [${files}];
let invocations = 0;
exports.handler = (event, context) => {
  const drawn = createHash('sha256').update([${seed}, process.env.AWS_SDK_UA_APP_ID, invocations++].join(' ')).digest();
  const release = drawn[0] & 1;
  console.log('served by release ' + release);
  return releases[release].handler(event, context);
};
`;
}
