import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiClient } from '../../local/api-client.js';
import { command, runCommand, wholeNumber } from '../../local/command.js';
import { type LocalStack, startLocalStack } from '../../local/local-stack.js';
import { readyProject } from '../../local/ready-project.js';
import { fuzz, whatIsMissing } from './schemathesis.js';

/** What takes an operator's session alone, or shows more to one. */
const FOR_OPERATORS = '^/v1/(projects|audit|endpoints)';

interface Options {
  readonly seconds: number;
  readonly seed: number;
}

const fuzzing = command(
  'npm run fuzz',
  'Holds the running API against its own OpenAPI document, with random requests. It needs Python.',
)
  .option('--seconds <number>', 'how long to try', wholeNumber(1), 120)
  .option('--seed <number>', 'what chance goes by', wholeNumber(), 1);

/** As a project, and as an operator. Without Python, or without a network to install it, it says so and is content. */
async function main({ seconds, seed }: Options): Promise<void> {
  const missing = whatIsMissing();
  if (missing !== undefined) return console.log(`SKIPPED: no fuzzing by schemathesis, since ${missing}`);
  const data = mkdtempSync(join(tmpdir(), 'punctual-fuzz-'));
  const errors: string[] = [];
  const stack = await startLocalStack({
    data,
    log: (_source, line) => {
      // Also of an entry of a batch, which is not seen by the answer's status.
      if (line.includes('"message":"unexpected error')) errors.push(line);
    },
  });
  try {
    const { api_key, project_id } = await readyProject(stack.api, stack.operatorKey, data);
    const asProject = `X-API-Key: ${api_key}`;
    const asOperator = `Authorization: Bearer ${await session(stack)}`;
    const all = { api: stack.api, project: project_id, seconds, seed };
    const found = [
      await fuzz({ ...all, credential: asProject }),
      await fuzz({ ...all, credential: asOperator, only: FOR_OPERATORS }),
    ];
    for (const line of errors) console.log(line);
    process.exitCode = found.includes(false) || errors.length > 0 ? 1 : 0;
  } finally {
    await stack.close();
    rmSync(data, { recursive: true, force: true });
  }
}

async function session({ api, operatorKey }: LocalStack): Promise<string> {
  const body = { operator_key: operatorKey };
  return (await apiClient(api).request<{ token: string }>('POST', '/v1/sessions', body)).token;
}

runCommand(fuzzing, main);
