import { randomUUID } from 'node:crypto';
import type { Log } from './execution-environment.js';
import type { FunctionPool } from './function-pool.js';
import { ACCOUNT_ID, REGION } from './template.js';

const UNIT_MS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** The period of `rate(15 minutes)` in milliseconds. Throws for any other kind of expression. */
export function rateMs(expression: string): number {
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (!Number(count)) throw new Error(`only rate(...) schedules run locally, not ${expression}`);
  return Number(count) * UNIT_MS[unit]!;
}

/** A rule (or schedule) with a function as its target. */
export interface RateRule {
  readonly arn: string;
  readonly periodMs: number;
  readonly source: 'aws.events' | 'aws.scheduler';
  /** The target's constant input as JSON, in place of the scheduled event. */
  readonly input?: string;
}

/** Invokes the function once per period, first one period from now, as AWS does; returns a function that stops it. */
export function startRateTimer(rule: RateRule, pool: FunctionPool, log: Log): () => void {
  const timer = setInterval(() => {
    const event = rule.input === undefined ? scheduledEvent(rule) : JSON.parse(rule.input);
    pool.invoke(event).catch((error: Error) => log(pool.definition.name, `scheduled call failed: ${error.message}`));
  }, rule.periodMs);
  return () => clearInterval(timer);
}

function scheduledEvent({ arn, source }: RateRule): object {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source,
    account: ACCOUNT_ID,
    time: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    region: REGION,
    resources: [arn],
    detail: {},
  };
}
