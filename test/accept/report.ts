import { toldLine } from '../stories/tell-all.js';
import type { Result } from './step.js';

/** What was left out was neither shown to work nor to fail. */
export const isAccepted = (results: readonly Result[]): boolean =>
  results.length > 0 && results.every(({ verdict }) => verdict !== 'FAILED');

/** One result for a terminal. */
export const resultText = (result: Result): string =>
  toldLine(result.verdict, result, ...(result.verdict === 'passed' ? [] : result.lines));

/** One page of Markdown. `left`: what remains in the account, and how it is removed. */
export function reportOf(what: string, results: readonly Result[], left: readonly string[]): string {
  const rows = results.map(({ name, verdict, ms }) => `| ${name} | ${verdict} | ${Math.round(ms / 1_000)} s |`);
  const details = results.flatMap(({ name, verdict, lines }) => {
    if (lines.length === 0) return [];
    return [`## ${name}`, (verdict === 'FAILED' ? ['```', ...lines, '```'] : lines).join('\n')];
  });
  const head = `# ${isAccepted(results) ? 'Accepted' : 'NOT accepted'}: ${what}, ${new Date().toISOString().slice(0, 16)}Z`;
  const table = ['| step | result | took |', '|---|---|---|', ...rows].join('\n');
  return `${[head, table, ...details, '## What is left', left.join('\n')].join('\n\n')}\n`;
}
