import { nameOf } from './point.js';
import type { Telling } from './telling.js';

/** A readable table: what was told, how often somebody died, and what did not hold then. */
export function report(tellings: readonly Telling[], tookMs: number): { text: string; failed: boolean } {
  const names = [...new Set(tellings.map(({ story }) => story))];
  const rows = names.map((name) =>
    rowOf(
      name,
      tellings.filter(({ story }) => story === name),
    ),
  );
  const failed = tellings.filter(({ failures }) => failures.length > 0);
  const struck = tellings.filter(({ struck }) => struck !== undefined).length;
  const lines = [
    row('story', 'calls', 'points', 'failures'),
    ...rows,
    ...failed.flatMap(({ story, point, struck, failures }) => [
      '',
      `${story}, ${point ? `${nameOf(point)}${struck ? ` (${struck})` : ', not reached'}` : 'in calm'}:`,
      ...failures.map((failure) => `  ${failure}`),
    ]),
    '',
    `${names.length} stories, ${struck} deaths, ${failed.length} failures, ${Math.round(tookMs / 1000)} s`,
  ];
  return { text: `${lines.join('\n')}\n`, failed: failed.length > 0 };
}

function rowOf(name: string, tellings: readonly Telling[]): string {
  const calm = tellings.find(({ point }) => point === undefined);
  const calls = Object.entries(calm?.calls ?? {}).map(([fn, made]) => `${fn} ${made.length}`);
  const points = tellings.filter(({ struck }) => struck !== undefined).length;
  const failures = tellings.filter(({ failures }) => failures.length > 0).length;
  return row(name, calls.join(', '), points, failures);
}

function row(story: string, calls: string, points: string | number, failures: string | number): string {
  return `${story.padEnd(48)}${calls.padEnd(44)}${String(points).padStart(6)}${String(failures).padStart(10)}`;
}
