import { copyFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageOf } from '../support/page-examples.js';
import { answers } from './client.js';
import { ownFolder, PROGRAMS, run } from './in-folder.js';
import type { Sdk } from './sdk.js';
import { pythonWith } from './virtual-environment.js';

const SOURCES = join(__dirname, '../../clients/python');
const PACKAGES = ['mypy==2.4.1', 'httpx==0.28.1', 'fastapi==0.165.0', 'flask==3.1.3'];
const FOLDER = 'sdk-python';
const PROGRAM_FILES = ['behaviour.py', 'every_method.py', 'doubles.py'];

/** Of a fresh environment, which has nothing but the wheel and what it brings. */
const PYTHON = 'fresh/bin/python';
/** Of the environment with the frameworks. */
const EQUIPPED = 'venv/bin/python';

const python = (interpreter: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const cwd = ownFolder(FOLDER);
  return run(join(cwd, interpreter), args, { cwd, env });
};
const pip = ['-m', 'pip', '--quiet', '--disable-pip-version-check'];

export const pythonSdk: Sdk = {
  name: 'clients/python',
  whatIsMissing: () => (answers('python3', '-m', 'venv', '--help') ? undefined : 'there is no Python with venv here'),
  kinds: ['sync', 'async'],
  async install() {
    const cwd = ownFolder(FOLDER);
    for (const made of ['dist', 'fresh']) rmSync(join(cwd, made), { recursive: true, force: true });
    const bin = await pythonWith(FOLDER, PACKAGES);
    await python(EQUIPPED, [...pip, 'wheel', '--no-deps', '--wheel-dir', 'dist', SOURCES]);
    const wheel = join('dist', readdirSync(join(cwd, 'dist'))[0]!);
    await python(EQUIPPED, [...pip, 'install', '--force-reinstall', '--no-deps', wheel]);
    await run('python3', ['-m', 'venv', 'fresh'], { cwd });
    await python(PYTHON, [...pip, 'install', wheel]);
    for (const name of PROGRAM_FILES) copyFileSync(join(PROGRAMS, name), join(cwd, name));
    const pages = examples();
    for (const [name, code] of Object.entries(pages)) writeFileSync(join(cwd, name), code);
    await run(join(bin, 'mypy'), ['--config-file', join(SOURCES, 'pyproject.toml'), join(SOURCES, 'punctual')], {
      cwd,
    });
    await run(join(bin, 'mypy'), ['--strict', ...PROGRAM_FILES, ...Object.keys(pages)], { cwd });
    return cwd;
  },
  behave: (kind, file) => python(PYTHON, ['behaviour.py', kind, file]),
  run: (program, env) => python(program === 'receive' ? EQUIPPED : PYTHON, [`${program.replace('-', '_')}.py`], env),
};

function examples(): Record<string, string> {
  const blocks = pageOf('sdk-python.md').blocks('python');
  const [receivers, double] = ['FastAPI(', 'PunctualDouble()'].map((mark) =>
    blocks.findIndex((code) => code.includes(mark)),
  );
  const header = 'import os\n';
  return {
    'calls.py': blocks.slice(0, receivers).join('\n'),
    'receive.py': `${header}${blocks.slice(receivers, double).join('\n')}\n${SEND}`,
    'double.py': blocks[double!]!,
  };
}

/** Sends each receiver a good call, and one whose body was changed. */
const SEND = `
from fastapi.testclient import TestClient
from punctual.testing import signed_call

headers, body = signed_call({"a": "ü"}, secrets[0])
statuses = [TestClient(app).post("/hooks", headers=headers, content=each).status_code for each in (body, b"{}")]
statuses += [site.test_client().post("/hooks", headers=headers, data=each).status_code for each in (body, b"{}")]
print(*statuses)
`;
