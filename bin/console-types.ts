import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { consoleDocument } from '../lib/console-document.js';

const TARGET = join(__dirname, '..', 'console', 'api', 'schema.d.ts');
/** openapi-typescript needs the API of TypeScript 5, which our TypeScript does not have: npx brings both, pinned. */
const PACKAGES = ['typescript@5.9.3', 'openapi-typescript@7.13.0'];

/** `npm run console:types`: writes the types of the API's requests and answers, with which tsc checks the console and the client. */
const { text, digest } = consoleDocument();
const folder = mkdtempSync(join(tmpdir(), 'punctual-types-'));
try {
  const [source, made] = [join(folder, 'openapi.json'), join(folder, 'schema.d.ts')];
  writeFileSync(source, text);
  const packages = PACKAGES.flatMap((name) => ['--package', name]);
  execFileSync('npx', ['--yes', ...packages, 'openapi-typescript', source, '--output', made], { stdio: 'inherit' });
  const header = `// Made by npm run console:types of the OpenAPI document ${digest}; not to be edited.\n`;
  writeFileSync(TARGET, header + readFileSync(made, 'utf8'));
} finally {
  rmSync(folder, { recursive: true });
}
