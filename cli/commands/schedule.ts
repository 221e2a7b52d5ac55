import type { Command } from 'commander';
import type { NewSchedule, Schemas } from '../../clients/typescript/punctual.js';
import { client } from '../credentials.js';
import { destinationOf, payloadOf } from '../input.js';
import { print, show, status, table } from '../output.js';
import { type CommonOptions, leaf } from '../program.js';

interface CreateOptions extends CommonOptions {
  readonly cron?: string;
  readonly timezone?: string;
  readonly at?: string;
  readonly text?: boolean;
}

export function scheduleCommands(program: Command): void {
  const schedule = program.command('schedule').description('make and change schedules');
  leaf(schedule, 'create')
    .description('call an endpoint or a URL by a cron expression, or once')
    .argument('<name>')
    .argument('<to>', 'an endpoint (ep_…) or a URL')
    .argument('[payload]', 'JSON, @file with JSON, or - for standard input')
    .option('--cron <expression>', 'five fields, or six with seconds first: "0 3 * * *"')
    .option('--timezone <zone>', 'as Europe/Berlin; UTC unless given')
    .option('--at <moment>', 'once, in place of --cron: 2030-01-31T09:00:00Z')
    .option('--text', 'the payload is no JSON: send it as it is')
    .action(create);
  leaf(schedule, 'list').description('list the schedules, the newest first').action(list);
  for (const [name, does, wanted] of [
    ['pause', 'make no more runs until resumed', 'paused'],
    ['resume', 'go on with a paused schedule', 'active'],
  ] as const)
    leaf(schedule, name)
      .description(does)
      .argument('<id>', 'sch_…')
      .action(async (id: string, options: CommonOptions) => {
        const changed = await client(options.profile).schedules.update(id, { status: wanted });
        print(options, changed, `${changed.id}  ${status(changed.status)}  next ${changed.next_run_at ?? '-'}`);
      });
  leaf(schedule, 'run')
    .description('make a task run of the schedule now')
    .argument('<id>', 'sch_…')
    .action(async (id: string, options: CommonOptions) => {
      const run = await client(options.profile).schedules.run(id);
      print(options, run, `${run.id}  ${status(run.status)}`);
    });
  leaf(schedule, 'backfill')
    .description('make the runs of past occurrences that have none')
    .argument('<id>', 'sch_…')
    .requiredOption('--from <moment>', 'ISO 8601 with its offset, 2030-01-31T09:00:00Z')
    .option('--to <moment>', 'now unless given')
    .option('--dry-run', 'only say how many')
    .action(backfill);
  leaf(schedule, 'delete')
    .description('delete the schedule; its runs stay')
    .argument('<id>', 'sch_…')
    .action(async (id: string, options: CommonOptions) => {
      await client(options.profile).schedules.delete(id);
      print(options, { id, deleted: true }, `${id}  deleted`);
    });
  leaf(schedule, 'preview')
    .description('say what a cron expression means, and when it runs next')
    .argument('<cron>', 'in quotes: "0 3 * * *"')
    .option('--timezone <zone>', 'as Europe/Berlin; UTC unless given')
    .option('--count <number>', 'how many moments, 5 unless given', Number)
    .action(preview);
}

async function create(name: string, to: string, given: string | undefined, options: CreateOptions): Promise<void> {
  const schedule: NewSchedule = {
    name,
    ...destinationOf(to),
    ...payloadOf(given, options.text),
    ...(options.cron !== undefined && { cron: options.cron }),
    ...(options.timezone !== undefined && { timezone: options.timezone }),
    ...(options.at !== undefined && { run_at: options.at }),
  };
  const made = await client(options.profile).schedules.create(schedule);
  print(options, made, `${made.id}  ${made.name}  next ${made.next_run_at ?? '-'}`);
}

async function list(options: CommonOptions): Promise<void> {
  const schedules = [];
  for await (const schedule of client(options.profile).schedules.list({ page_size: 100 })) schedules.push(schedule);
  const rows = schedules.map(({ id, name, status: word, cron, run_at, timezone, next_run_at }) => [
    id,
    name,
    status(word),
    cron ?? run_at ?? '',
    timezone,
    next_run_at ?? '-',
  ]);
  print(options, schedules, rows.length === 0 ? 'There is no schedule.' : table(rows));
}

interface BackfillOptions extends CommonOptions {
  readonly from: string;
  readonly to?: string;
  readonly dryRun?: boolean;
}

/** The whole span, a hundred occurrences at a time. */
async function backfill(id: string, { from, to, dryRun: dry_run = false, ...options }: BackfillOptions): Promise<void> {
  const { schedules } = client(options.profile);
  const all = { occurrences: 0, missed: 0, dry_run };
  for (let next: string | null = from; next !== null; ) {
    const page: Schemas['Backfill'] = await schedules.backfill(id, {
      from: next,
      dry_run,
      ...(to !== undefined && { to }),
    });
    all.occurrences += page.occurrences;
    all.missed += page.missed;
    next = page.next_from;
  }
  const runs = dry_run ? 'have no run' : 'have got a run';
  print(options, all, `${all.missed} of ${all.occurrences} occurrences ${runs}`);
}

interface PreviewOptions extends CommonOptions {
  readonly timezone?: string;
  readonly count?: number;
}

async function preview(cron: string, options: PreviewOptions): Promise<void> {
  const { timezone, count = 5 } = options;
  const made = await client(options.profile).schedules.preview({
    cron,
    count,
    ...(timezone !== undefined && { timezone }),
  });
  show(options, made);
}
