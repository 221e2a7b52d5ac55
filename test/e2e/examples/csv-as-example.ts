import type { AsExample } from './as-example.js';

const CELL = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/g;

/** CSV with each cell as its column's example. */
export function csvAsExample(csv: string, asExample: AsExample): string {
  const rows: string[][] = [[]];
  for (const [, cell, end] of csv.matchAll(CELL)) {
    rows.at(-1)!.push(cell!);
    if (end !== ',') rows.push([]);
  }
  const [columns, ...others] = rows.slice(0, -1) as [string[], ...string[][]];
  const shown = others.map((cells) => cells.map((cell, index) => shownCell(cell, columns[index]!, asExample)));
  return [columns, ...shown].map((cells) => `${cells.join(',')}\r\n`).join('');
}

function shownCell(cell: string, column: string, asExample: AsExample): string {
  const isQuoted = cell.startsWith('"');
  const text = isQuoted ? cell.slice(1, -1).replaceAll('""', '"') : cell;
  const isJson = /^[{[\d]/.test(text) && !Number.isNaN(Number(text)) === !text.startsWith('{') && !/^\d{4}-/.test(text);
  const value = isJson ? JSON.stringify(asExample(JSON.parse(text), column)) : String(asExample(text, column));
  return isQuoted ? `"${value.replaceAll('"', '""')}"` : value;
}
