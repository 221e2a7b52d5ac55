import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import manifest from '../package.json';
import { BUNDLING, bundleFunctions } from './bundles.js';
import { CLI_BUNDLING } from './cli-bundle.js';
import { settingsFor } from './config.js';
import { bundleSite } from './docs-bundle.js';
import { synthesize } from './synthesize.js';

const ROOT = join(__dirname, '..');

/** What the user's app has already: two copies of the CDK in one app do not know each other's constructs. */
const PEERS = ['aws-cdk-lib', 'constructs'] as const;

/** How esbuild bundles the construct into one file, which `import` and `require` take. */
export const CONSTRUCT_BUNDLING = {
  absWorkingDir: ROOT,
  entryPoints: ['lib/punctual.ts'],
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: [...PEERS],
  legalComments: 'none',
} as const satisfies BuildOptions;

/** What `punctual dev` loads as it is: two have native code, and the third finds its own files by their names. */
const OF_DEV = ['dynalite', 'fs-native-extensions', 'lmdb'] as const;

/** How esbuild bundles the local stack into one file. What a checkout builds, the package brings. */
export const LOCAL_BUNDLING = {
  ...BUNDLING,
  entryPoints: ['local/packaged.ts'],
  external: [...OF_DEV, ...['config', 'synthesize', 'console-bundle', 'docs-bundle'].map((name) => `*/lib/${name}.js`)],
} as const satisfies BuildOptions;

/** Makes the npm package's folder anew: the construct, the command line with the local stack, with the built functions, the built console and the built documentation beside it. */
export async function makePackage(folder = join(ROOT, 'build', 'package')): Promise<string> {
  rmSync(folder, { recursive: true, force: true });
  await build({ ...CONSTRUCT_BUNDLING, outfile: join(folder, 'punctual.js') });
  await build({ ...CLI_BUNDLING, outfile: join(folder, 'cli/main.js') });
  makeTypes(folder);
  bundleFunctions(join(folder, 'functions'));
  await makeLocal(join(folder, 'local'), join(folder, 'functions'));
  cpSync(await bundleSite(), join(folder, 'console'), { recursive: true });
  cpSync(join(ROOT, 'lib/constructs/console-rewrite.js'), join(folder, 'console-rewrite.js'));
  for (const page of ['LICENSE', 'THIRD-PARTY-NOTICES.md', 'CHANGELOG.md'])
    cpSync(join(ROOT, page), join(folder, page));
  for (const page of ['settings.md', 'runbook.md']) cpSync(join(ROOT, 'docs', page), join(folder, 'docs', page));
  const readme = readFileSync(join(ROOT, 'docs/library.md'), 'utf8');
  writeFileSync(join(folder, 'README.md'), readme.replace(/\]\((?=[\w-]+\.md)/g, '](docs/'));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(publishedManifest(), null, 2)}\n`);
  return folder;
}

/** The local stack, with the template that it runs. */
async function makeLocal(folder: string, bundles: string): Promise<void> {
  await build({ ...LOCAL_BUNDLING, outfile: join(folder, 'start.js') });
  for (const file of ['local/function-worker.cjs', 'local/compiled-bundle.cjs', 'lib/constructs/console-rewrite.js'])
    cpSync(join(ROOT, file), join(folder, basename(file)));
  for (const auditDeliveries of [false, true]) {
    const { template, assets } = synthesize(settingsFor('local', { auditDeliveries }), { bundles });
    const names = Object.entries(assets).map(([id, path]) => [id, basename(path)]);
    const text = JSON.stringify({ template, assets: Object.fromEntries(names) });
    writeFileSync(join(folder, auditDeliveries ? 'stack-audited.json' : 'stack.json'), text);
  }
}

/** Of the types, those that the construct's own types name. */
function makeTypes(folder: string): void {
  const made = join(folder, 'types');
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '--project', join(ROOT, 'tsconfig.package.json'), '--outDir', made]);
  for (const name of ['punctual', 'service', 'config'])
    cpSync(join(made, 'lib', `${name}.d.ts`), join(folder, `${name}.d.ts`));
  rmSync(made, { recursive: true });
}

/** The repository's own manifest is private: it lists what the functions, the tests and the local stack are built of. */
function publishedManifest(): object {
  const { name, version, description, license, engines, dependencies, devDependencies } = manifest;
  return {
    name,
    version,
    description,
    license,
    engines,
    keywords: ['aws', 'cdk', 'construct', 'cron', 'webhooks', 'scheduler', 'cli'],
    main: './punctual.js',
    types: './punctual.d.ts',
    exports: { '.': { types: './punctual.d.ts', default: './punctual.js' }, './package.json': './package.json' },
    bin: { punctual: './cli/main.js' },
    peerDependencies: Object.fromEntries(PEERS.map((peer) => [peer, `^${dependencies[peer]}`])),
    // Exact: the local stack changes what is inside dynalite. Optional: the construct and the other commands need none.
    optionalDependencies: Object.fromEntries(OF_DEV.map((name) => [name, devDependencies[name]])),
    // `npx punctual` needs neither.
    peerDependenciesMeta: Object.fromEntries(PEERS.map((peer) => [peer, { optional: true }])),
  };
}
