import type { Command } from 'commander';
import { Document } from 'yaml';
import { readCrontab } from '../crontab.js';
import { type AwsSchedule, readAwsSchedules } from '../eventbridge.js';
import { CommandFault } from '../exit-codes.js';
import { textOf } from '../input.js';
import { print } from '../output.js';
import { type CommonOptions, leaf } from '../program.js';

interface ImportOptions extends CommonOptions {
  readonly url: string;
  readonly system?: boolean;
}

const URL_OPTION = [
  '--url <url>',
  'the URL for each schedule; {name} is its name',
  'https://app.example.com/jobs/{name}',
] as const;

export function importCommands(program: Command): void {
  const imports = program
    .command('import')
    .description('print a punctual.yaml made of schedules that you have elsewhere');
  leaf(imports, 'crontab')
    .description('of a crontab: each command must become a URL of your application')
    .argument('<file>', 'a crontab; - for standard input, as from crontab -l')
    .option(...URL_OPTION)
    .option('--system', 'the form of /etc/crontab, with a user before the command')
    .action(crontab);
  leaf(imports, 'eventbridge')
    .description('of EventBridge Scheduler: each target must become a URL of your application')
    .argument('<file>', 'what aws scheduler get-schedule prints, one after the other; - for standard input')
    .option(...URL_OPTION)
    .action(eventbridge);
}

function crontab(file: string, options: ImportOptions): void {
  const { lines, left } = readCrontab(textOf(file), options.system ?? false);
  const schedules = lines.map(({ name, cron, timezone, command }) => ({
    name,
    fields: { cron, ...(timezone && { timezone }) },
    was: command,
  }));
  const note = 'Without CRON_TZ the times are in UTC; cron goes by the time zone of its machine.';
  tell(options, schedules, left, note);
}

function eventbridge(file: string, options: ImportOptions): void {
  const { schedules, left } = readAwsSchedules(awsSchedules(textOf(file)));
  const note = 'A rate was counted from the schedule’s beginning, a step of cron is counted from the full hour or day.';
  tell(
    options,
    schedules.map(({ target, ...schedule }) => ({ ...schedule, was: target })),
    left,
    note,
  );
}

/** A list of them, or one after the other, as a loop over their names prints them. */
function awsSchedules(text: string): AwsSchedule[] {
  try {
    const read = JSON.parse(`[${text.trim().replace(/\}\s*\{/g, '},{')}]`).flat() as AwsSchedule[];
    if (read.length > 0 && read.every(({ Name, ScheduleExpression }) => Name && ScheduleExpression)) return read;
  } catch {
    // told below
  }
  throw new CommandFault(
    'The file does not hold what aws scheduler get-schedule prints, with Name and ScheduleExpression.',
  );
}

interface Imported {
  readonly name: string;
  readonly fields: object;
  /** What the URL takes the place of. */
  readonly was: string;
}

function tell(options: ImportOptions, imported: readonly Imported[], left: readonly string[], note: string): void {
  const schedules = Object.fromEntries(
    imported.map(({ name, fields }) => [
      name,
      { ...fields, target: { url: options.url.replaceAll('{name}', encodeURIComponent(name)) } },
    ]),
  );
  const document = new Document({ schedules });
  document.commentBefore = ` Each URL takes the place of what its comment says: let your application do that there, then punctual apply.\n ${note}`;
  const { items } = document.get('schedules') as { items: { key: { commentBefore?: string } }[] };
  for (const [index, { was }] of imported.entries()) items[index]!.key.commentBefore = ` ${was}`;
  if (left.length > 0) document.comment = ` No schedule was made of:\n${left.map((line) => ` ${line}`).join('\n')}`;
  print(options, { schedules, left }, document.toString().trimEnd());
}
