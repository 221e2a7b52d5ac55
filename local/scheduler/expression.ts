import { type Cron, nextCronRun, parseCron } from './cron.js';
import { instantOfOrShifted } from './wall-clock.js';

/** A parsed ScheduleExpression; times are ms since the epoch. */
export type Expression =
  | { kind: 'at'; at: number }
  | { kind: 'rate'; everyMs: number }
  | { kind: 'cron'; cron: Cron; zone: string };

const UNIT_MS = { minute: 60_000, hour: 3600_000, day: 24 * 3600_000 };

/** Parses `at(yyyy-mm-ddThh:mm:ss)`, `rate(n unit)` and `cron(six fields)`; throws a SyntaxError for anything else. */
export function parseExpression(text: string, zone: string): Expression {
  const [, kind, content] = /^(at|rate|cron)\((.*)\)$/.exec(text) ?? [];
  if (kind === 'at') return { kind, at: parseMoment(content!, zone) };
  if (kind === 'rate') return { kind, everyMs: parseRate(content!) };
  if (kind === 'cron') return { kind, cron: parseCron(content!), zone };
  throw new SyntaxError('neither at(), rate() nor cron()');
}

/** The first occurrence after `after`; a rate counts from `origin`. Undefined when there is none. */
export function nextOccurrence(expression: Expression, origin: number, after: number): number | undefined {
  switch (expression.kind) {
    case 'at':
      return expression.at > after ? expression.at : undefined;
    case 'rate':
      return origin + Math.max(0, Math.floor((after - origin) / expression.everyMs) + 1) * expression.everyMs;
    case 'cron':
      return nextCronRun(expression.cron, after, expression.zone);
  }
}

function parseMoment(content: string, zone: string): number {
  const wall = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(content) ? Date.parse(`${content}Z`) : Number.NaN;
  if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(content)) throw new SyntaxError('no moment');
  return instantOfOrShifted(wall, zone);
}

function parseRate(content: string): number {
  const [, value, unit] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(content) ?? [];
  if (!value) throw new SyntaxError('no rate');
  return Number(value) * UNIT_MS[unit as keyof typeof UNIT_MS];
}
