import { execFileSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';

const ROOT = join(__dirname, '..');
const SOURCES = join(ROOT, 'clients', 'typescript');
/** The modules that the package exports; each is built twice. */
const ENTRIES = ['punctual', 'testing'];

/** Makes the folder of the npm package punctual-client anew: `npm pack` and `npm publish` take it as it is. */
export function makeClientPackage(folder = join(ROOT, 'build', 'client-package')): string {
  rmSync(folder, { recursive: true, force: true });
  build(folder, 'esm', '.mjs');
  build(folder, 'cjs', '.js');
  makeTypes(folder);
  cpSync(join(SOURCES, 'package.json'), join(folder, 'package.json'));
  cpSync(join(ROOT, 'docs/sdk.md'), join(folder, 'README.md'));
  cpSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
  return folder;
}

/** A class is one class for both modules: ES modules share a chunk, and in CommonJS the second module requires the first. */
function build(folder: string, format: 'esm' | 'cjs', extension: string): void {
  const options: BuildOptions = { absWorkingDir: SOURCES, outdir: folder, format, outExtension: { '.js': extension } };
  const bundling = { ...options, bundle: true, platform: 'neutral', target: 'es2022', chunkNames: 'shared' } as const;
  const [first, second] = ENTRIES.map((name) => `${name}.ts`);
  if (format === 'esm') buildSync({ ...bundling, entryPoints: [first!, second!], splitting: true });
  else
    for (const entry of [first!, second!])
      buildSync({ ...bundling, entryPoints: [entry], external: ['./punctual.js'] });
}

/** The types are those of the CommonJS files; those of the ES modules are the same, by name. */
function makeTypes(folder: string): void {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const options = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--rootDir', ROOT];
  const made = join(folder, 'types');
  execFileSync(process.execPath, [tsc, '--project', SOURCES, ...options, '--outDir', made]);
  cpSync(join(made, 'clients', 'typescript'), folder, { recursive: true });
  rmSync(made, { recursive: true });
  cpSync(join(ROOT, 'console/api/schema.d.ts'), join(folder, 'schema.d.ts'));
  for (const name of ENTRIES) writeFileSync(join(folder, `${name}.d.mts`), `export * from './${name}.js';\n`);
}
