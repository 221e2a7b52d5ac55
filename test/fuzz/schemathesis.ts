import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PythonProgram } from '../support/python-program.js';

const PROGRAM = new PythonProgram('schemathesis', '4.32.5');

/** What an answer must not be: a 5xx, anything that the document does not say, or a success for what it forbids. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'unsupported_method',
  'negative_data_rejection',
];

/** What refuses a request that the document forbids: 413, too, since a text that is too long may make a body too large. */
const REFUSALS = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429];

/** Why it cannot run here; undefined when it can. */
export function whatIsMissing(): string | undefined {
  return PROGRAM.whatIsMissing();
}

export interface Fuzzing {
  readonly api: string;
  readonly credential: string;
  /** Another one than this is a 404 all the time. */
  readonly project: string;
  /** Of paths; all of them by default. */
  readonly only?: string;
  readonly seconds: number;
  readonly seed: number;
}

/** Sends what the document allows and what it forbids, and prints what came of it. True when nothing was found. */
export async function fuzz({ api, credential, project, only, seconds, seed }: Fuzzing): Promise<boolean> {
  const config = join(PROGRAM.folder, 'schemathesis.toml');
  writeFileSync(
    config,
    `[parameters]\nproject_id = "${project}"\n[checks]\nnegative_data_rejection.expected-statuses = [${REFUSALS}]\n`,
  );
  const args = [
    '--config-file',
    config,
    'run',
    `${api}/openapi.json`,
    '--header',
    credential,
    '--checks',
    CHECKS.join(','),
  ];
  // A second credential beside the given one is a 401 all the time.
  args.push('--generation-with-security-parameters', 'false');
  // How well Schemathesis makes examples of a schema says nothing about the API.
  args.push('--suppress-health-check', 'filter_too_much');
  if (only !== undefined) args.push('--include-path-regex', only);
  args.push('--max-time', String(seconds), '--seed', String(seed), '--continue-on-failure', '--warnings', 'off');
  const child = spawn(PROGRAM.path, args, { cwd: PROGRAM.folder, stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'exit');
  return code === 0;
}
