import { nameOf } from './point.js';
import type { Telling } from './telling.js';

/** A readable table: the stories, the number of deaths, and the rules that did not hold. */
export function report(tellings: readonly Telling[], tookMs: number): { text: string; failed: boolean } {
  const names = [...new Set(tellings.map(({ story }) => story))];
  const rows = names.map((name) =>
    rowOf(
      name,
      tellings.filter(({ story }) => story === name),
    ),
  );
  const failed = tellings.filter(({ failures }) => failures.length > 0);
  const lines = [
    row('story', 'calls', 'points', 'failures'),
    ...rows,
    ...failed.flatMap((telling) => [
      '',
      `${telling.story}, ${deathsIn(telling)}:`,
      ...telling.failures.map((failure) => `  ${failure}`),
    ]),
    '',
    `${names.length} stories, ${deathsOf(tellings)} deaths, ${failed.length} failures, ${Math.round(tookMs / 1000)} s`,
  ];
  return { text: `${lines.join('\n')}\n`, failed: failed.length > 0 };
}

function rowOf(name: string, tellings: readonly Telling[]): string {
  const calm = tellings.find(({ points }) => points.length === 0);
  const calls = Object.entries(calm?.calls ?? {}).map(([fn, made]) => `${fn} ${made.length}`);
  const failures = tellings.filter(({ failures }) => failures.length > 0).length;
  return row(name, calls.join(', '), deathsOf(tellings), failures);
}

export function deathsOf(tellings: readonly Telling[]): number {
  return tellings.reduce((sum, { deaths }) => sum + deaths.size, 0);
}

function deathsIn({ points, deaths }: Telling): string {
  const texts = points.map((point) => `--point ${nameOf(point)} (${deaths.get(point) ?? 'not reached'})`);
  return texts.join(' ') || 'in calm';
}

function row(story: string, calls: string, points: string | number, failures: string | number): string {
  return `${story.padEnd(52)}${calls.padEnd(44)}${String(points).padStart(6)}${String(failures).padStart(10)}`;
}
