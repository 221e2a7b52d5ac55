import type { WrittenCron } from './arbitrary-cron.js';

const MINUTE = 60_000;
const MADE_UP = 3 * 60 * MINUTE;

/** What a clock on the wall shows at a real minute; `wall` as if it hung in UTC. */
export interface Tick {
  readonly at: number;
  readonly wall: number;
}

/** Watches the zone's clocks minute by minute, as Intl tells them. */
export function watchClock(zone: string, from: number, to: number): Tick[] {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const ticks: Tick[] = [];
  for (let at = from; at < to; at += MINUTE) {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const { year, month, day, hour, minute } = parts as Record<string, number>;
    ticks.push({ at, wall: Date.UTC(year!, month! - 1, day, hour, minute) });
  }
  return ticks;
}

/** The rules, taken literally and slowly: the minutes among the ticks at which the expression runs. */
export function walk(cron: WrittenCron, ticks: readonly Tick[]): number[] {
  const isWildcard = cron.minute.text.startsWith('*') || cron.hour.text.startsWith('*');
  const shown = new Set<number>();
  const runs: number[] = [];
  ticks.forEach(({ at, wall }, index) => {
    const before = ticks[index - 1]?.wall ?? wall - MINUTE;
    const isRepeated = shown.has(wall);
    shown.add(wall);
    if (isWildcard ? matches(cron, wall) : (matches(cron, wall) && !isRepeated) || madeUp(cron, before, wall))
      runs.push(at);
  });
  return runs;
}

/** Whether the clock has just jumped over a minute that was meant. */
function madeUp(cron: WrittenCron, before: number, wall: number): boolean {
  if (wall - before - MINUTE > MADE_UP) return false;
  for (let missed = before + MINUTE; missed < wall; missed += MINUTE) if (matches(cron, missed)) return true;
  return false;
}

export function matches(cron: WrittenCron, wall: number): boolean {
  const date = new Date(wall);
  const { minute, hour, dayOfMonth, month, dayOfWeek } = cron;
  const inMonth = dayOfMonth.values.has(date.getUTCDate());
  const inWeek = dayOfWeek.values.has(date.getUTCDay());
  const isAnd = dayOfMonth.text.startsWith('*') || dayOfWeek.text.startsWith('*');
  return (
    minute.values.has(date.getUTCMinutes()) &&
    hour.values.has(date.getUTCHours()) &&
    month.values.has(date.getUTCMonth() + 1) &&
    (isAnd ? inMonth && inWeek : inMonth || inWeek)
  );
}
