/** Rows as CSV (RFC 4180), with nothing in them that a spreadsheet would run. Objects become JSON in their cell. */
export function toCsv(columns: readonly string[], rows: readonly Readonly<Record<string, unknown>>[]): string {
  const lines = [columns.map(cell), ...rows.map((row) => columns.map((column) => cell(row[column])))];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

/**
 * Where a spreadsheet may find a formula, such as `=HYPERLINK(…)`: at a cell's start, and behind each character at which
 * one may split that does not split at commas. There our quotes do not hold, for they begin in the middle of its cell.
 */
const FORMULA = /((?:^|[;\t\r\n])(?:(?![\t\r\n])["\s])*)([=+\-@\uff1d\uff0b\uff0d\uff20])/g;

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? harmlessJson(value) : harmless(value);
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What an endpoint answers is not ours: an apostrophe makes text of it. */
function harmless(value: unknown): string {
  return typeof value === 'string' ? value.replace(FORMULA, "$1'$2").replace(/^[\t\r\n]/, "'$&") : String(value);
}

/** In JSON, where only texts hold such characters, an escape says the same. */
function harmlessJson(value: object): string {
  const escaped = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replace(FORMULA, (_all, before: string, sign: string) => before + escaped(sign));
}
