import type { Command } from 'commander';
import { Document } from 'yaml';
import { readCrontab } from '../crontab.js';
import { textOf } from '../input.js';
import { print } from '../output.js';
import { type CommonOptions, leaf } from '../program.js';

interface CrontabOptions extends CommonOptions {
  readonly url: string;
  readonly system?: boolean;
}

export function importCommands(program: Command): void {
  const imports = program
    .command('import')
    .description('print a punctual.yaml made of schedules that you have elsewhere');
  leaf(imports, 'crontab')
    .description('of a crontab: each command must become a URL of your application')
    .argument('<file>', 'a crontab; - for standard input, as from crontab -l')
    .option('--url <url>', 'the URL for each line; {name} is its name', 'https://app.example.com/jobs/{name}')
    .option('--system', 'the form of /etc/crontab, with a user before the command')
    .action(crontab);
}

function crontab(file: string, options: CrontabOptions): void {
  const { lines, left } = readCrontab(textOf(file), options.system ?? false);
  const schedules = Object.fromEntries(
    lines.map(({ name, cron, timezone }) => [
      name,
      { cron, ...(timezone && { timezone }), target: { url: options.url.replaceAll('{name}', name) } },
    ]),
  );
  const document = new Document({ schedules });
  document.commentBefore =
    ' Each URL takes the place of a command: let your application do its work there, then punctual apply.\n' +
    ' Without CRON_TZ the times are in UTC; cron goes by the time zone of its machine.';
  const nodes = document.get('schedules') as { items: { key: { commentBefore?: string } }[] };
  for (const [index, { command }] of lines.entries()) nodes.items[index]!.key.commentBefore = ` ${command}`;
  if (left.length > 0) document.comment = ` No schedule can stand for:\n${left.map((line) => ` ${line}`).join('\n')}`;
  print(options, { schedules, left }, document.toString().trimEnd());
}
