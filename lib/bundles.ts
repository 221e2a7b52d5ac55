import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';
import { brotliCompressSync, constants } from 'node:zlib';
import { type BuildOptions, buildSync, formatMessagesSync } from 'esbuild';

const ROOT = join(__dirname, '..');

/** The entry points: `<name>/handler.ts`, each exporting `handler`. */
export const FUNCTION_NAMES = ['api', 'deliverer', 'dispatcher', 'intake', 'reconciler'] as const;

/**
 * Files beside a function's bundle: most invocations need none of their clients of AWS, and a cold start is spared them.
 * `file` is as the bundle imports it, from the folder `from`.
 */
const APART = [
  ...['eventbridge', 'lambda', 'sns', 'stepfunctions'].map((kind) => ({
    of: 'deliverer',
    from: 'destinations',
    file: `${kind}/caller`,
  })),
  { of: 'api', from: 'runtime', file: 'cloudwatch/alarms' },
] as const;

/** How esbuild bundles a function's sources into one file. */
export const BUNDLING = {
  absWorkingDir: ROOT,
  bundle: true,
  minify: true,
  legalComments: 'none',
  platform: 'node',
  // Lambda runs Node 24, but the local stack runs the same file on the laptop's Node.
  target: 'node20',
  format: 'cjs',
  // The SDK is bundled: we pin its version, and esbuild drops unused code of ES modules.
  mainFields: ['module', 'main'],
  // The SDK imports a few of node's modules dynamically; as require() these imports need no second module loader.
  supported: { 'dynamic-import': false },
  // Modules that we never call, replaced because every cold start would load them. The SDK imports the first two
  // dynamically, and esbuild drops no code behind a dynamic import.
  alias: {
    '@aws-sdk/credential-provider-node': './functions/bundle-stubs/credential-provider-node.ts',
    '@aws-sdk/middleware-endpoint-discovery': './functions/bundle-stubs/endpoint-discovery.ts',
    '@smithy/core/event-streams': './functions/bundle-stubs/event-streams.ts',
    luxon: './functions/bundle-stubs/luxon.ts',
    'node:stream/web': './functions/bundle-stubs/web-streams.ts',
  },
  external: APART.map(({ file }) => `*/${file}.js`),
  // Files that a route serves unchanged.
  loader: { '.md': 'text', '.css': 'text' },
  sourcemap: false,
  logLevel: 'silent',
} as const satisfies BuildOptions;

/** A twentieth larger than brotli's best, in a tenth of its time. */
const COMPRESSION = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

export type FunctionName = (typeof FUNCTION_NAMES)[number];

/**
 * Bundles every function into `<folder>/<name>/handler.js` and returns the folder. The same sources give the same
 * bytes, so that an unchanged function is not deployed again. Throws esbuild's errors, warnings included.
 */
export function bundleFunctions(folder = join(ROOT, 'build', 'functions'), sources = join(ROOT, 'functions')): string {
  const { outputFiles, warnings } = buildSync({
    ...BUNDLING,
    // One build for all functions parses their shared imports once.
    entryPoints: [
      ...FUNCTION_NAMES.map((name) => ({ in: join(sources, name, 'handler.ts'), out: join(name, 'handler') })),
      ...APART.map(({ of, from, file }) => ({
        in: join(sources, from, `${file}.ts`),
        out: join(of, file),
      })).filter((entry) => existsSync(entry.in)),
    ],
    outdir: folder,
    write: false,
  });
  if (warnings.length > 0) throw new Error(formatMessagesSync(warnings, { kind: 'warning' }).join('\n'));
  for (const { path, contents } of outputFiles) replaceIfChanged(path, contents);
  for (const [name, text] of Object.entries(apiDocuments(sources)))
    replaceIfChanged(join(folder, 'api', 'documents', `${name}.br`), brotliCompressSync(text, COMPRESSION));
  return folder;
}

/** The documents that the API publishes about itself, by file name; made at build time, not at a start of the API. */
export function apiDocuments(sources = join(ROOT, 'functions')): Record<string, string> {
  const entryPoints = [join(sources, 'api', 'openapi', 'documents.ts')];
  const { outputFiles } = buildSync({ ...BUNDLING, entryPoints, write: false });
  const module = { exports: {} as { documents(): Record<string, string> } };
  compileFunction(outputFiles[0]!.text, ['module', 'require'])(module, require);
  return module.exports.documents();
}

/** The OpenAPI document as JSON. */
export function openApiText(): string {
  return apiDocuments()['openapi.json']!;
}

/** Written beside the folder and renamed, because another process (a local stack, a test) may be loading the file. */
function replaceIfChanged(file: string, contents: Uint8Array): void {
  if (existsSync(file) && readFileSync(file).equals(contents)) return;
  mkdirSync(dirname(file), { recursive: true });
  const next = `${dirname(file)}.${process.pid}.next`;
  writeFileSync(next, contents);
  renameSync(next, file);
}
