import fc from 'fast-check';
import { toCsv } from '../../../../functions/subjects/task-runs/csv.js';

const SIGN = /^[=+\-@\uff1d\uff0b\uff0d\uff20]/;
const cellOf = (value: unknown) => toCsv(['a'], [{ a: value }]).slice('a\r\n'.length, -'\r\n'.length);

/** The cells as spreadsheets read them: a quote counts at a cell's start alone, white space is cut off. */
function cellsOf(text: string, separator: string): string[] {
  const cells: string[] = [];
  let [cell, quoted, isStart] = ['', false, true];
  for (let at = 0; at <= text.length; at += 1) {
    const char = text[at] ?? '\n';
    if (quoted && at < text.length) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') cell += text[++at];
      else quoted = false;
    } else if (char === separator || /[\r\n]/.test(char)) {
      cells.push(cell.trim());
      [cell, quoted, isStart] = ['', false, true];
      continue;
    } else if (char === '"' && isStart) quoted = true;
    else cell += char;
    isStart = false;
  }
  return cells;
}

const SEPARATORS = [',', ';', '\t'];
const formulas = (csv: string) =>
  SEPARATORS.flatMap((separator) => cellsOf(csv, separator)).filter((it) => SIGN.test(it));

test.each([
  ['=cmd', "'=cmd"],
  ['x;=cmd', `"x;'=cmd"`],
  ['x;"=cmd"', `"x;""'=cmd"""`],
  ['x;+1', `"x;'+1"`],
  ['x\t@SUM(A1)', `"x\t'@SUM(A1)"`],
  ['a\r\n-2+3', `"a\r\n'-2+3"`],
  ['a\n=1', `"a\n'=1"`],
  [';=1;=2', `";'=1;'=2"`],
  [' =1', " '=1"],
  ['\t', `"'\t"`],
  ['＝1', "'＝1"],
  ['a=1', 'a=1'],
  ['2026-01-01', '2026-01-01'],
  [-1, '-1'],
  [null, ''],
])('the cell %j is written as %s', (value, written) => {
  expect(cellOf(value)).toBe(written);
});

test('JSON in a cell keeps its value, and starts no formula', () => {
  const headers = { 'x-a': '1;=cmd; -2', 'x-b': ['+1'], 'x-c': '";=1' };
  const [shown] = cellsOf(cellOf(headers), ',');
  expect(shown).toContain(';\\u003dcmd');
  expect(JSON.parse(shown!)).toEqual(headers);
});

test('no text becomes a formula, whether a spreadsheet splits at commas, semicolons or tabs', () => {
  expect(formulas('x,"a;=1"\r\n')).toEqual(['=1"']); // a quote in the middle holds nothing
  const hostile = fc.string({
    unit: fc.constantFrom('=', '+', '-', '@', ';', '\t', '\r', '\n', '"', ',', ' ', 'x', '＝'),
  });
  const row = fc.record({ a: hostile, b: fc.record({ h: hostile, l: fc.array(hostile) }), c: hostile });
  fc.assert(
    fc.property(row, (it) => {
      expect(formulas(toCsv(['a', 'b', 'c'], [it]))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test.each(['\n', '\t', ' ', '"', ';'])('64 KB of %j take no time', (char) => {
  const start = process.cpuUsage().user;
  cellOf(char.repeat(65_536));
  expect(process.cpuUsage().user - start).toBeLessThan(300_000);
});
