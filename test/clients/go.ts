import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answers, type Client } from './client.js';
import { ownFolder, PROGRAMS, run } from './in-folder.js';

const GENERATOR = 'github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2';
const MODULE = 'module clients\n\ngo 1.24\n\nrequire github.com/oapi-codegen/runtime v1.9.0\n';

export const go: Client = {
  name: 'oapi-codegen',
  whatIsMissing() {
    return answers('go', 'version') ? undefined : 'there is no Go here';
  },
  async check(document, env) {
    const cwd = ownFolder('go');
    mkdirSync(join(cwd, 'api'), { recursive: true });
    writeFileSync(join(cwd, 'go.mod'), MODULE);
    copyFileSync(join(PROGRAMS, 'every_operation.go'), join(cwd, 'main.go'));
    await run('go', ['run', GENERATOR, '-generate', 'types,client', '-package', 'api', '-o', 'api/api.go', document], {
      cwd,
    });
    await run('go', ['mod', 'tidy'], { cwd });
    await run('go', ['vet', './...'], { cwd });
    await run('go', ['run', '.'], { cwd, env });
  },
};
