import type { Command } from 'commander';
import { stringify } from 'yaml';
import { agreed } from '../agreement.js';
import { client } from '../credentials.js';
import { CommandFault, EXIT } from '../exit-codes.js';
import { applied } from '../file/apply.js';
import { type Change, changesOf } from '../file/changes.js';
import { exported } from '../file/exported.js';
import { presentObjects } from '../file/present.js';
import { readDefinitions } from '../file/read.js';
import { SINGULAR } from '../file/sections.js';
import { coloured, print } from '../output.js';
import { type CommonOptions, leaf } from '../program.js';
import schema from '../punctual-yaml.schema.json';

interface FileOptions extends CommonOptions {
  readonly file: string;
  readonly prune?: boolean;
  readonly check?: boolean;
  readonly yes?: boolean;
}

export function fileCommands(program: Command): void {
  const FILE = ['-f, --file <file>', 'what the project is to have', 'punctual.yaml'] as const;
  const PRUNE = ['--prune', 'delete what the file does not name'] as const;
  leaf(program, 'plan')
    .description('say what apply would change')
    .option(...FILE)
    .option(...PRUNE)
    .option('--check', `exit code ${EXIT.differs} if anything would change`)
    .action(plan);
  leaf(program, 'apply')
    .description('make endpoints, retry policies and schedules as a file says')
    .option(...FILE)
    .option(...PRUNE)
    .option('--yes', 'do not ask')
    .action(apply);
  leaf(program, 'export')
    .description('print the endpoints, retry policies and schedules of the project as a file')
    .action(async (options: CommonOptions) => {
      const definitions = exported(await presentObjects(client(options.profile)));
      print(options, definitions, stringify(definitions).trimEnd());
    });
  leaf(program, 'schema')
    .description('print the JSON Schema of punctual.yaml, for editors')
    .action(() => print({}, schema, JSON.stringify(schema, null, 2)));
}

async function plan(options: FileOptions): Promise<void> {
  const wanted = readDefinitions(options.file);
  const changes = changesOf(wanted, await presentObjects(client(options.profile)), options.prune ?? false);
  print(options, changes, told(changes));
  if (options.check && changes.length > 0) process.exitCode = EXIT.differs;
}

async function apply(options: FileOptions): Promise<void> {
  const wanted = readDefinitions(options.file);
  const punctual = client(options.profile);
  const present = await presentObjects(punctual);
  const changes = changesOf(wanted, present, options.prune ?? false);
  if (!options.json) process.stdout.write(`${told(changes)}\n`);
  if (changes.length > 0 && !options.yes) await asked();
  const all = [];
  for await (const done of applied(punctual, changes, present)) {
    all.push(done);
    const secret = done.signing_secret ? `  signing secret, shown this once: ${done.signing_secret}` : '';
    if (!options.json) process.stdout.write(`${done.kind}d  ${done.id}  ${done.name}${secret}\n`);
  }
  if (options.json) print(options, all, '');
}

async function asked(): Promise<void> {
  if (!process.stdin.isTTY)
    throw new CommandFault('Nothing was changed: say --yes where there is no terminal to ask at.');
  await agreed('Make these changes?');
}

function told(changes: readonly Change[]): string {
  if (changes.length === 0) return 'Nothing to change.';
  return changes.map(lines).join('\n');
}

function lines(change: Change): string {
  const what = `${SINGULAR[change.section]} ${change.name}`;
  if (change.kind === 'create') return coloured(`+ ${what}`, 'green');
  if (change.kind === 'delete') return coloured(`- ${what}`, 'red');
  const fields = change.changed.map(({ field, before, after }) => `    ${field}: ${text(before)} -> ${text(after)}`);
  return [coloured(`~ ${what}`, 'yellow'), ...fields].join('\n');
}

const text = (value: unknown): string => JSON.stringify(value);
