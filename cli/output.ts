import { stringify } from 'yaml';

export interface OutputOptions {
  readonly json?: boolean;
}

const CODES = { red: 31, green: 32, yellow: 33, dim: 2 } as const;
export type Colour = keyof typeof CODES;

/** Colours are for a terminal alone, and not for one whose user set NO_COLOR. */
export function coloured(text: string, colour: Colour, stream: { isTTY?: boolean } = process.stdout): string {
  return stream.isTTY && !process.env['NO_COLOR'] ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text;
}

/** The value for programs, or the text for persons. */
export function print({ json }: OutputOptions, value: unknown, text: string): void {
  process.stdout.write(`${json ? JSON.stringify(value) : text}\n`);
}

/** An object, as YAML for a person; what is null or empty says nothing. */
export function show(options: OutputOptions, value: object): void {
  const told = Object.entries(value).filter(
    ([, field]) => field !== null && JSON.stringify(field) !== '{}' && JSON.stringify(field) !== '[]',
  );
  print(options, value, stringify(Object.fromEntries(told)).trimEnd());
}

/** A table: the columns are as wide as their widest field. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((field, column) => field.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const STATUS_COLOURS: Readonly<Record<string, Colour>> = {
  success: 'green',
  active: 'green',
  failed: 'red',
  dead_letter: 'red',
  retry_scheduled: 'yellow',
  paused: 'yellow',
};

export const status = (word: string): string => coloured(word, STATUS_COLOURS[word] ?? 'dim');
