import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';
import { BUNDLING } from '../../../lib/bundles.js';
import type { FunctionDefinition } from '../../execution-environment.js';

export type CodeEntry = Pick<FunctionDefinition, 'name' | 'code' | 'environment'>;

const SOURCES = join(__dirname, '../../../functions');
const SDK_IMPORT = /^import (?!type)\{([^}]+)\} from '(@aws-sdk\/[^']+)'/gm;

/** The functions' bundling, but with the whole SDK. */
const { alias: _, ...WHOLE } = BUNDLING;

/** A bundle of the function's imports from the SDK alone: of the `whole` SDK, or of the `lean` SDK of our bundles. */
export function sdkAlone({ code }: CodeEntry, sdk: 'whole' | 'lean'): string {
  const bundling: BuildOptions = sdk === 'whole' ? WHOLE : BUNDLING;
  const contents = [...importsOf(basename(code))].map(([from, names], index) => {
    const renamed = [...names].map((name) => `${name} as ${name}${index}`);
    const used = [...names].map((name) => `${name}${index}`);
    return `import { ${renamed} } from '${from}'; module.exports.sdk${index} = [${used}];`;
  });
  const stdin = { contents: contents.join('\n'), resolveDir: SOURCES };
  return buildSync({ ...bundling, stdin, write: false }).outputFiles![0]!.text;
}

/** The names that the function's sources import, by package and without types. */
function importsOf(name: string): Map<string, Set<string>> {
  const entryPoints = [join(SOURCES, name, 'handler.ts')];
  const { metafile } = buildSync({ ...BUNDLING, entryPoints, metafile: true, write: false, outdir: 'out' });
  const [bundle] = Object.values(metafile.outputs);
  const inside = Object.entries(bundle!.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const sources = inside.map(([file]) => file).filter((file) => file.startsWith('functions/'));
  const found = new Map<string, Set<string>>();
  for (const file of sources) {
    const text = readFileSync(join(SOURCES, '..', file), 'utf8');
    for (const [, names, from] of text.matchAll(SDK_IMPORT)) {
      const values = names!
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== '' && !one.startsWith('type '));
      found.set(from!, new Set([...(found.get(from!) ?? []), ...values]));
    }
  }
  return found;
}
