import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { bundleFunctions } from '../../lib/bundles.js';

const NAMES = ['api', 'deliverer', 'dispatcher', 'intake', 'reconciler'];
const root = mkdtempSync(join(tmpdir(), 'punctual-sources-'));
const sources = join(root, 'functions');
const folder = join(root, 'build');
const bundled = (name: string) => join(folder, name, 'handler.js');

beforeAll(() => {
  mkdirSync(join(sources, 'core'), { recursive: true });
  writeFileSync(join(sources, 'core', 'greeting.ts'), "export const greeting = (name: string) => 'I am ' + name;");
  for (const name of NAMES) writeSource(name, `greeting('${name}')`);
  mkdirSync(join(sources, 'api', 'openapi'));
  writeFileSync(
    join(sources, 'api', 'openapi', 'documents.ts'),
    "export const documents = () => ({ 'openapi.json': JSON.stringify({ made: true }) });",
  );
  expect(bundleFunctions(folder, sources)).toBe(folder);
});
afterAll(() => rmSync(root, { recursive: true }));

test.each(NAMES)('%s is one CommonJS file that exports handler', async (name) => {
  expect(readdirSync(join(folder, name)).filter((file) => file !== 'documents')).toEqual(['handler.js']);
  const { handler } = require(bundled(name));
  await expect(handler()).resolves.toBe(`I am ${name}`);
});

test('nothing else is left in the folder', () => {
  expect(readdirSync(folder).sort()).toEqual(NAMES);
});

test('the documents of the API lie beside its bundle, and beside no other', () => {
  expect(brotliDecompressSync(readFileSync(join(folder, 'api', 'documents', 'openapi.json.br'))).toString()).toBe(
    '{"made":true}',
  );
  expect(NAMES.filter((name) => readdirSync(join(folder, name)).includes('documents'))).toEqual(['api']);
});

test('a bundle is minified and has no source map', () => {
  const code = readFileSync(bundled('api'), 'utf8');
  expect(code).not.toMatch(/sourceMappingURL|greeting|\n.*\n.*\n/);
});

test('the same sources leave the files untouched; a change replaces the one it concerns', () => {
  const before = NAMES.map((name) => statSync(bundled(name)).ino);
  bundleFunctions(folder, sources);
  expect(NAMES.map((name) => statSync(bundled(name)).ino)).toEqual(before);
  writeSource('api', "greeting('somebody else')");
  bundleFunctions(folder, sources);
  expect(NAMES.filter((name, at) => statSync(bundled(name)).ino !== before[at])).toEqual(['api']);
  expect(readFileSync(bundled('api'), 'utf8')).toContain('somebody else');
});

test('a source that does not compile is an error', () => {
  const broken = join(root, 'broken');
  mkdirSync(join(broken, 'api'), { recursive: true });
  writeFileSync(join(broken, 'api', 'handler.ts'), 'export const handler = (');
  expect(() => bundleFunctions(folder, broken)).toThrow();
});

function writeSource(name: string, expression: string): void {
  mkdirSync(join(sources, name), { recursive: true });
  const lines = [
    "import { greeting } from '../core/greeting.js';",
    `export const handler = async () => ${expression};`,
  ];
  writeFileSync(join(sources, name, 'handler.ts'), lines.join('\n'));
}
