import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { BUNDLING, type FunctionName } from '../../lib/bundles.js';
import type { Synthesized } from '../../local/local-stack.js';
import type { Mutant, Patch } from './mutants.js';

const ROOT = join(__dirname, '../..');
const FUNCTIONS = join(ROOT, 'functions');

/**
 * Bundles the mutant's function; answers what makes a stack run it.
 * @throws Error when a snippet is not there exactly once: then it is no longer the rule that is broken
 */
export async function mutate(mutant: Mutant): Promise<(synthesized: Synthesized) => Synthesized> {
  const folder = join(ROOT, 'build', 'mutants', mutant.breaks.replaceAll(' ', '-'), mutant.fn);
  const applied = new Set<Patch>();
  await build({
    ...BUNDLING,
    entryPoints: [join(FUNCTIONS, mutant.fn, 'handler.ts')],
    outfile: join(folder, 'handler.js'),
    plugins: [patching(mutant.patches, applied)],
  });
  const missed = mutant.patches.find((patch) => !applied.has(patch));
  if (missed) throw new Error(`${missed.file} is not part of ${mutant.fn}`);
  return ({ template, assets }) => ({
    template,
    assets: Object.fromEntries(
      Object.entries(assets).map(([id, code]) => [id, basename(code) === mutant.fn ? folder : code]),
    ),
  });
}

/** The stack as a release would make it that has these patches in each of the functions. */
export async function patchedRelease(
  synthesized: Synthesized,
  breaks: string,
  functions: readonly FunctionName[],
  patches: readonly Patch[],
): Promise<Synthesized> {
  let release = synthesized;
  for (const fn of functions) {
    const change = await mutate({ breaks, fn, patches, stories: [], deathsOf: fn, shows: /./ });
    release = change(release);
  }
  return release;
}

/** The mutant's sources that differ from the function's own, by their path below functions/. */
export function mutatedSources({ patches }: Mutant): ReadonlyMap<string, string> {
  return new Map(patches.map(({ file }) => [file, patched(join(FUNCTIONS, file), patches)]));
}

function patching(patches: readonly Patch[], applied: Set<Patch>): Plugin {
  return {
    name: 'mutant',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => ({ contents: patched(path, patches, applied), loader: 'ts' }));
    },
  };
}

function patched(path: string, patches: readonly Patch[], applied?: Set<Patch>): string {
  let contents = readFileSync(path, 'utf8');
  for (const patch of patches) {
    if (join(FUNCTIONS, patch.file) !== path) continue;
    if (contents.split(patch.find).length !== 2) throw new Error(`${patch.file} has not exactly: ${patch.find}`);
    contents = contents.replace(patch.find, () => patch.put);
    applied?.add(patch);
  }
  return contents;
}
