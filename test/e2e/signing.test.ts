import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectStatus, HttpClient } from '../support/http-client.js';
import { runCommand, testWith } from '../support/run-command.js';
import { suiteWorld } from '../support/suite-world.js';

const starting = suiteWorld();
const GUIDE = readFileSync(join(__dirname, '../../docs/signing.md'), 'utf8');

/** The guide's example in that language, in a file of its own. */
function example(language: string, file: string): string {
  const [, code] = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'm').exec(GUIDE)!;
  const path = join(mkdtempSync(join(tmpdir(), 'signing-')), file);
  writeFileSync(path, code!);
  return path;
}

/** Runs it with a key of its own, and looks at what it made. */
async function sends(command: string, ...args: string[]): Promise<void> {
  const world = await starting;
  const { project, operator } = await world.newProject();
  const key = expectStatus(await operator.post(`/v1/projects/${project.id}/keys`, { label: 'signs' }), 201).body;
  const env = { API: world.stack.api, KEY_ID: key.id, SIGNING_SECRET: key.signing_secret };
  const task = JSON.parse(await runCommand(command, args, { env }));
  expect(task).toMatchObject({ status: 'pending', project_id: project.id, payload: { hello: 'world' } });
  const api = new HttpClient(world.stack.api, { 'x-api-key': key.key });
  expectStatus(await api.get(`/v1/tasks/${task.id}`), 200);
}

testWith('openssl', 'version')('curl and openssl', () => sends('sh', example('sh', 'sign.sh')));
test('Node', () => sends(process.execPath, example('js', 'sign.js')));
testWith('python3', '--version')('Python', () => sends('python3', example('python', 'sign.py')));
testWith('go', 'version')('Go', () => sends('go', 'run', example('go', 'sign.go')), 150_000);
