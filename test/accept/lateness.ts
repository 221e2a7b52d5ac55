import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StoryTeller } from '../stories/story-teller.js';
import { eventually } from '../support/eventually.js';

export interface Horizon {
  readonly seconds: number;
  /** What brings the message. */
  readonly by: string;
}

/** One for each way of a wake-up, and the longest delay of SQS. */
export const HORIZONS: readonly Horizon[] = [
  { seconds: 0, by: 'at once' },
  { seconds: 10, by: 'SQS delay' },
  { seconds: 14 * 60, by: 'SQS delay' },
  { seconds: 18 * 60, by: 'EventBridge Scheduler' },
];
/** As the alarm `Lateness`. */
const LATE_MS = 2_000;
/** After the due moment: a call that comes at all is measured, and judged by `assertPunctual`. */
const PATIENCE_MS = 120_000;

/** How late calls started, by what Punctual recorded. */
export interface Measured extends Horizon {
  /** Milliseconds, the smallest first. */
  readonly late: readonly number[];
}

/** One run is asked for at a time, since a small stage takes few requests a second. */
export async function measure(
  teller: StoryTeller,
  endpoint: string,
  calls: number,
  { seconds, by }: Horizon,
): Promise<Measured> {
  const send = () => teller.task(endpoint, { delay_seconds: seconds });
  const ids = await Promise.all(Array.from({ length: calls }, send));
  await sleep(seconds * 1_000);
  const late: number[] = [];
  for (const id of ids) late.push(await eventually(`${id} is a success`, () => latenessOf(teller, id), PATIENCE_MS));
  return { seconds, by, late: late.sort((one, other) => one - other) };
}

/** Undefined until the run is a success, and when the API cannot say it now: a busy one may refuse a request. */
async function latenessOf(teller: StoryTeller, id: string): Promise<number | undefined> {
  const run = await teller.run(id).catch(() => undefined);
  return run?.status === 'success' ? run.attempts[0].lateness_ms : undefined;
}

export function latenessTable(measured: readonly Measured[]): string[] {
  const rows = measured.map(
    ({ seconds, by, late }) =>
      `| ${seconds} s ahead | ${by} | ${late.length} | ${late[late.length >> 1]} ms | ${late.at(-1)} ms |`,
  );
  return ['| due | by | calls | half were late by at most | the last by |', '|---|---|---|---|---|', ...rows];
}

/** @throws Error with the whole table, if a call was early, or late */
export function assertPunctual(measured: readonly Measured[]): void {
  for (const { seconds, late } of measured) {
    const table = latenessTable(measured).join('\n');
    assert(late[0]! >= 0, `${table}\n${seconds} s ahead: ${-late[0]!} ms early`);
    assert(late.at(-1)! < LATE_MS, `${table}\n${seconds} s ahead: ${late.at(-1)} ms late, ${LATE_MS} ms are too many`);
  }
}
