/** A line of a crontab as a schedule, with the command that its URL takes the place of. */
export interface CronLine {
  readonly name: string;
  readonly cron: string;
  readonly timezone?: string;
  readonly command: string;
}

export interface ReadCrontab {
  readonly lines: readonly CronLine[];
  /** Lines that no schedule can stand for. */
  readonly left: readonly string[];
}

const MACROS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** Reads a crontab; `hasUser` for the form of /etc/crontab, with a user before the command. */
export function readCrontab(text: string, hasUser: boolean): ReadCrontab {
  const lines: CronLine[] = [];
  const left: string[] = [];
  const names = new Set<string>();
  let timezone: string | undefined;
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const variable = /^(\w+)\s*=\s*"?(.*?)"?$/.exec(line);
    if (variable) {
      if (variable[1] === 'CRON_TZ') timezone = variable[2];
      continue;
    }
    const [, when, rest] = /^(@\w+|(?:\S+\s+){4}\S+)\s+(.*)$/.exec(line) ?? [];
    const cron = when === undefined ? undefined : when.startsWith('@') ? MACROS[when] : when.replace(/\s+/g, ' ');
    const command = hasUser ? rest?.replace(/^\S+\s+/, '') : rest;
    if (cron === undefined || !command) left.push(line);
    else lines.push({ name: freeName(command, names), cron, ...(timezone && { timezone }), command });
  }
  return { lines, left };
}

/** Made of the command's file and its first words, and unlike the names before. */
function freeName(command: string, names: Set<string>): string {
  const words = command
    .replace(/\s*(>|2>|\|).*$/, '')
    .split(/\s+/)
    .slice(0, 3);
  const base =
    words
      .map((word) => word.replace(/^.*\//, '').replace(/\.\w+$/, ''))
      .join(' ')
      .replace(/[^\w ]+/g, ' ')
      .trim()
      .toLowerCase() || 'job';
  const slug = base.replace(/\s+/g, '-').slice(0, 60);
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? slug : `${slug}-${number}`;
    if (names.has(name)) continue;
    names.add(name);
    return name;
  }
}
