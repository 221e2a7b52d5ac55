/** Rows as CSV (RFC 4180), without any formula that a spreadsheet would run. An object becomes JSON in its cell. */
export function toCsv(columns: readonly string[], rows: readonly Readonly<Record<string, unknown>>[]): string {
  const lines = [columns.map(cell), ...rows.map((row) => columns.map((column) => cell(row[column])))];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

/**
 * Where a spreadsheet may find a formula, such as `=HYPERLINK(…)`: at a cell's start, and after each other separator at
 * which a spreadsheet may split. There our quotes do not help, since they begin in the middle of a cell.
 */
const FORMULA = /((?:^|[;\t\r\n])(?:(?![\t\r\n])["\s])*)([=+\-@\uff1d\uff0b\uff0d\uff20])/g;

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? harmlessJson(value) : harmless(value);
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** An endpoint's answer is foreign text: an apostrophe marks it as text. */
function harmless(value: unknown): string {
  return typeof value === 'string' ? value.replace(FORMULA, "$1'$2").replace(/^[\t\r\n]/, "'$&") : String(value);
}

/** In JSON only strings contain such characters, and an escape has the same meaning. */
function harmlessJson(value: object): string {
  const escaped = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replace(FORMULA, (_all, before: string, sign: string) => before + escaped(sign));
}
