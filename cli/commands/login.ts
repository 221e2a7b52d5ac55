import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { ForbiddenError, Punctual } from '../../clients/typescript/punctual.js';
import { credentials, profilesFile, saveProfile } from '../credentials.js';
import { CommandFault, EXIT } from '../exit-codes.js';
import { textOf } from '../input.js';
import { print } from '../output.js';
import { type CommonOptions, leaf } from '../program.js';

interface LoginOptions extends CommonOptions {
  readonly url?: string;
  readonly show?: boolean;
}

export function loginCommand(program: Command): void {
  leaf(program, 'login')
    .description('keep an API key; it is asked for, or read from standard input')
    .option('--url <url>', "the API's address")
    .option('--show', 'say which API and key are used, and from where')
    .action(login);
}

async function login(options: LoginOptions): Promise<void> {
  if (options.show) return show(options);
  const url = options.url ?? process.env['PUNCTUAL_URL'];
  if (!url || !URL.canParse(url)) throw new CommandFault("Say the API's address: punctual login --url https://…");
  const api_key = (process.stdin.isTTY ? await asked('API key (sk_…): ') : textOf('-')).trim();
  if (api_key === '') throw new CommandFault('No key was given.', EXIT.credentials);
  // A key that may only publish is good too.
  const checked = new Punctual({ url, apiKey: api_key, retries: 1 }).usage();
  await checked.catch((error: unknown) => {
    if (!(error instanceof ForbiddenError)) throw error;
  });
  const name = options.profile ?? 'default';
  saveProfile(name, { url, api_key });
  print(options, { profile: name, file: profilesFile() }, `The key works. It is kept as ${name} in ${profilesFile()}.`);
}

function show(options: LoginOptions): void {
  const { url, api_key, from } = credentials(options.profile);
  const key = `${api_key.slice(0, 6)}…`;
  print(options, { url, key, from }, `${url}  ${key}  (${from})`);
}

/** Reads a line that is not shown. */
function asked(question: string): Promise<string> {
  process.stderr.write(question);
  const lines = createInterface({ input: process.stdin, terminal: true });
  return new Promise((resolve, reject) => {
    lines.once('line', (line) => {
      resolve(line);
      lines.close();
    });
    lines.once('close', () => {
      process.stderr.write('\n');
      reject(new CommandFault('No key was given.', EXIT.credentials)); // by Ctrl-C; after a line it changes nothing
    });
  });
}
