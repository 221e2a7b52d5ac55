import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answers, type Client } from './client.js';
import { ownFolder, PROGRAMS, run } from './in-folder.js';
import { pythonWith } from './virtual-environment.js';

const PACKAGES = ['openapi-python-client==0.29.1', 'mypy==2.4.1'];

/** It knows JSON and text: lines of JSON are text to it. */
const CONFIG = { content_type_overrides: { 'application/x-ndjson': 'text/plain' } };

/** The generator's own text, the same for every document, is not as strict as what it makes of ours. */
const MYPY = '[mypy]\nstrict = true\n[mypy-punctual_client.client]\ndisable_error_code = arg-type\n';

export const python: Client = {
  name: 'openapi-python-client',
  whatIsMissing() {
    return answers('python3', '-m', 'venv', '--help') ? undefined : 'there is no Python with venv here';
  },
  async check(document, env) {
    const cwd = ownFolder('python');
    const bin = await pythonWith('python', PACKAGES);
    writeFileSync(join(cwd, 'config.json'), JSON.stringify(CONFIG));
    writeFileSync(join(cwd, 'mypy.ini'), MYPY);
    copyFileSync(join(PROGRAMS, 'every_operation.py'), join(cwd, 'every_operation.py'));
    const generate = ['generate', '--path', document, '--config', 'config.json', '--meta', 'none', '--overwrite'];
    // A warning is about something that it has left out.
    await run(
      join(bin, 'openapi-python-client'),
      [...generate, '--fail-on-warning', '--output-path', 'punctual_client'],
      {
        cwd,
        env: { PATH: `${bin}:${process.env['PATH']}` },
      },
    );
    await run(join(bin, 'mypy'), ['punctual_client', 'every_operation.py'], { cwd });
    await run(join(bin, 'python'), ['every_operation.py'], { cwd, env });
  },
};
