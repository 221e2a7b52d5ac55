import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from './client.js';
import { ownFolder, PROGRAMS, run } from './in-folder.js';

/** With the TypeScript that openapi-typescript works on: ours has no API for it. */
const PACKAGES = ['typescript@5.9.3', 'openapi-typescript@7.13.0', 'openapi-fetch@0.17.0', '@types/node@24.10.1'];

const COMPILER = {
  target: 'es2023',
  module: 'nodenext',
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  types: ['node'],
  outDir: 'out',
};

export const typescript: Client = {
  name: 'openapi-typescript',
  whatIsMissing: () => undefined,
  async check(document, env) {
    const cwd = ownFolder('typescript');
    writeFileSync(join(cwd, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    writeFileSync(join(cwd, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER, include: ['*.ts'] }));
    copyFileSync(join(PROGRAMS, 'every-operation.ts'), join(cwd, 'every-operation.ts'));
    await run('npm', ['install', '--no-save', '--prefer-offline', '--no-audit', '--no-fund', ...PACKAGES], { cwd });
    await run('npx', ['openapi-typescript', document, '--output', 'schema.ts'], { cwd });
    await run('npx', ['tsc', '--project', '.'], { cwd });
    await run('node', ['out/every-operation.js'], { cwd, env });
  },
};
