import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { BulkCancel, BulkReplayFilter, Punctual, Schemas } from '../../clients/typescript/punctual.js';
import { agreed } from '../agreement.js';
import { client } from '../credentials.js';
import { CommandFault } from '../exit-codes.js';
import { LABEL, type Labels } from '../input.js';
import { print, status } from '../output.js';
import { type CommonOptions, leaf } from '../program.js';

interface ManyOptions extends CommonOptions {
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly wait?: boolean;
  readonly yes?: boolean;
  readonly endpoint?: string;
  readonly since?: string;
  readonly until?: string;
}

interface LetterOptions extends ManyOptions {
  readonly reason?: string;
}

interface RunOptions extends ManyOptions {
  readonly schedule?: string;
  readonly event?: string;
  readonly eventKey?: string;
  readonly label?: Labels;
}

export function manyCommands(program: Command): void {
  many(program, 'cancel')
    .description('cancel task runs that have not ended: by ids, or all that the options match')
    .argument('[ids...]', 'run_…')
    .option('--schedule <id>', 'of this schedule')
    .option('--event <id>', 'of this event')
    .option('--event-key <key>', 'of events with this key')
    .option(...LABEL)
    .action(cancel);
  many(program, 'replay')
    .description('deliver dead runs again: by ids, or all open dead letters that the options match')
    .argument('[ids...]', 'dl_… or its run, run_…')
    .option('--all', 'all open dead letters of the project')
    .option('--reason <reason>', 'with this reason, as attempts_exhausted')
    .action(replay);
  many(program, 'resolve')
    .description('close dead letters without a call: by ids, or all open ones that the options match')
    .argument('[ids...]', 'dl_… or its run, run_…')
    .requiredOption('--note <text>', 'why they need no replay')
    .option('--reason <reason>', 'with this reason, as attempts_exhausted')
    .action(resolve);
}

function many(program: Command, name: string): Command {
  return leaf(program, name)
    .option('--endpoint <id>', 'of this endpoint')
    .option('--since <moment>', 'made or died at this moment or later: ISO 8601 with its offset')
    .option('--until <moment>', 'at this moment or earlier')
    .option('--dry-run', 'only say how many')
    .option('--wait', 'wait until all is done')
    .option('--yes', 'do not ask');
}

async function cancel(ids: readonly string[], options: RunOptions): Promise<void> {
  const { tasks } = client(options.profile);
  const { schedule, event, eventKey, label } = options;
  const filter: BulkCancel = {
    ...common(options),
    ...(schedule !== undefined && { schedule_id: schedule }),
    ...(event !== undefined && { event_id: event }),
    ...(eventKey !== undefined && { event_key: eventKey }),
    ...(label && { labels: label }),
  };
  const wanted = either(ids, filter, options);
  if (isOne(ids, options)) {
    const run = await tasks.cancel(ids[0]!);
    return print(options, run, `${run.id}  ${status(run.status)}`);
  }
  await begun(ids, options, (more) => tasks.cancelAll({ ...wanted, ...more }));
}

async function replay(given: readonly string[], options: LetterOptions): Promise<void> {
  const { deadLetters } = client(options.profile);
  const ids = lettersOf(given);
  const wanted = either(ids, letters(options), options);
  if (isOne(ids, options)) {
    const run = await deadLetters.replay(ids[0]!);
    return print(options, run, `${run.id}  ${status(run.status)}`);
  }
  await begun(ids, options, (more) => deadLetters.replayAll({ ...wanted, ...more }));
}

async function resolve(given: readonly string[], options: LetterOptions & { readonly note: string }): Promise<void> {
  const { deadLetters } = client(options.profile);
  const { note } = options;
  const ids = lettersOf(given);
  const wanted = either(ids, letters(options), options);
  if (isOne(ids, options)) {
    const letter = await deadLetters.resolve(ids[0]!, { note });
    return print(options, letter, `${letter.id}  ${status(letter.status)}`);
  }
  await begun(ids, options, (more) => deadLetters.resolveAll({ ...wanted, note, ...more }));
}

const lettersOf = (ids: readonly string[]) => ids.map((id) => id.replace(/^run_/, 'dl_'));
const isOne = (ids: readonly string[], { dryRun, wait }: ManyOptions) => ids.length === 1 && !dryRun && !wait;

function common({ endpoint, since, until }: ManyOptions) {
  return {
    ...(endpoint !== undefined && { endpoint_id: endpoint }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
}

function letters({ reason, ...options }: LetterOptions): BulkReplayFilter {
  return { ...common(options), ...(reason !== undefined && { reason: reason as Schemas['DeadReason'] }) };
}

/** Ids or a filter; without both, only what says so means all. */
function either<Filter extends object>(ids: readonly string[], filter: Filter, { all = false }: ManyOptions) {
  const isFilter = all || Object.keys(filter).length > 0;
  if (ids.length > 0 && isFilter) throw new CommandFault('Give either ids or a filter.');
  if (ids.length === 0 && !isFilter) throw new CommandFault('Name ids, or options that say which are meant.');
  return ids.length > 0 ? { ids: [...ids] } : filter;
}

type Begun = Schemas['BulkCount'] | Schemas['BulkJob'] | Schemas['BulkReplay'];

/** What options match is counted and agreed to at a terminal; a script goes on without. */
async function begun(
  ids: readonly string[],
  options: ManyOptions,
  begin: (more: { readonly dry_run: boolean }) => Promise<Begun>,
): Promise<void> {
  const asks = ids.length === 0 && !options.dryRun && !options.yes && process.stdin.isTTY;
  if (asks) await agreed(`${counted((await begin({ dry_run: true })) as Schemas['BulkCount'])}. Go on?`);
  const answer = await begin({ dry_run: options.dryRun ?? false });
  if ('count' in answer) return print(options, answer, counted(answer));
  if (!options.wait)
    return print(
      options,
      answer,
      `${answer.id}  ${status(answer.status)}  punctual inspect ${answer.id} shows how far it is`,
    );
  const job = await completed(client(options.profile), answer.id);
  print(options, job, `${job.id}  ${status(job.status)}  ${job.done} done`);
}

const counted = ({ is_complete, count }: Schemas['BulkCount']): string =>
  `${is_complete ? '' : 'at least '}${count} would be meant`;

async function completed(punctual: Punctual, id: string): Promise<Schemas['BulkJob']> {
  for (;;) {
    const job = await punctual.bulkJob(id);
    if (job.status === 'completed') return job;
    await sleep(1_000);
  }
}
