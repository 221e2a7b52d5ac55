import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { makePackage } from '../../lib/npm-package.js';
import { version } from '../../package.json';

const ROOT = join(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'punctual-package-'));
let files: { path: string; size: number }[];
/** Of the packed file. */
let size: number;

beforeAll(async () => {
  await makePackage(folder);
  const packed = execFileSync('npm', ['pack', folder, '--dry-run', '--json', '--silent'], { encoding: 'utf8' });
  [{ files, size }] = JSON.parse(packed);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true }));

test('the package holds what runs and what is to be read, and nothing else', () => {
  const kinds = new Set(
    files.map(({ path }) => path.replace(/(console\/assets|console\/docs|functions\/api\/documents)\/.*/, '$1')),
  );
  expect([...kinds].sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'THIRD-PARTY-NOTICES.md',
    'cli/main.js',
    'config.d.ts',
    'console-rewrite.js',
    'console/assets',
    'console/docs',
    'console/index.html',
    'console/licenses.json',
    'docs/runbook.md',
    'docs/settings.md',
    'functions/api/cloudwatch/alarms.js',
    'functions/api/documents',
    'functions/api/handler.js',
    'functions/deliverer/eventbridge/caller.js',
    'functions/deliverer/handler.js',
    'functions/deliverer/lambda/caller.js',
    'functions/deliverer/sns/caller.js',
    'functions/deliverer/stepfunctions/caller.js',
    'functions/dispatcher/handler.js',
    'functions/intake/handler.js',
    'functions/reconciler/handler.js',
    'local/compiled-bundle.cjs',
    'local/console-rewrite.js',
    'local/function-worker.cjs',
    'local/stack-audited.json',
    'local/stack.json',
    'local/start.js',
    'package.json',
    'punctual.d.ts',
    'punctual.js',
    'service.d.ts',
  ]);
  expect(files.filter(({ path }) => /\.map$|\.test\./.test(path))).toEqual([]);
  expect(files.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(15_000_000);
  expect(size).toBeLessThan(4_000_000);
});

test('every type that its types name is in the package, or of its peers', () => {
  const types = files.map(({ path }) => path).filter((path) => path.endsWith('.d.ts'));
  for (const path of types) {
    const text = readFileSync(join(folder, path), 'utf8');
    const named = [...text.matchAll(/(?:from|import\() ?['"]([^'"]+)/g)].map(([, name]) => name!);
    const unknown = named.filter((name) => !/^(aws-cdk-lib|constructs)(\/|$)/.test(name));
    expect(
      unknown.map((name) => name.replace(/^\.\/(.*)\.js$/, '$1.d.ts')).filter((name) => !types.includes(name)),
    ).toEqual([]);
  }
});

test('the command line runs by itself', () => {
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const printed = execFileSync(process.execPath, [join(folder, bin.punctual), '--version'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(printed.trim()).toBe(version);
});

test('the construct, the command line and the local stack load none of the packages of the others', () => {
  const loaded = (file: string) => {
    const { metafile } = buildSync({
      entryPoints: [join(folder, file)],
      bundle: true,
      platform: 'node',
      packages: 'external',
      external: ['./*', '../*'],
      logLevel: 'silent',
      metafile: true,
      write: false,
    });
    const names = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
    const packages = names.filter((name) => !isBuiltin(name) && !name.startsWith('.'));
    return [...new Set(packages.map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)![0]))].sort();
  };
  expect(loaded('punctual.js')).toEqual(['aws-cdk-lib', 'constructs']);
  expect(loaded('cli/main.js')).toEqual([]);
  const { optionalDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  expect(loaded('local/start.js')).toEqual(Object.keys(optionalDependencies));
});

test('no file names a path of the machine that made it, or a source map', () => {
  for (const { path } of files) {
    const text = readFileSync(join(folder, path), 'latin1');
    expect([path, text.includes(ROOT), /^\/\/# sourceMappingURL/m.test(text)]).toEqual([path, false, false]);
  }
});
