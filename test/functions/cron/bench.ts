import fc from 'fast-check';
import { parseCron } from '../../../functions/cron/expression.js';
import { nextOccurrence } from '../../../functions/cron/occurrences.js';
import { anyCron } from './arbitrary-cron.js';
import { DEAREST } from './dearest.js';
import vectors from './vectors.json';

/** `node --import tsx test/functions/core/cron/bench.ts`: what reading an expression and finding its next time cost. */

type Case = readonly [expression: string, zone: string, from: string | number];

const USUAL = [
  '* * * * *',
  '*/15 * * * *',
  '30 2 * * *',
  '0 9 * * MON-FRI',
  '0 0 1 * *',
  '0 0 L * *',
  '*/10 * * * * *',
];
const GENERATED = 5_000;
const seed = Number(process.argv[2] ?? 1);

const next = ([expression, zone, from]: Case) => nextOccurrence(parseCron(expression), zone, new Date(from).getTime());

/** Milliseconds of computing, so that whatever else keeps the machine busy does not count. */
function cost(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** One step after the other, as a schedule goes on; microseconds. */
function medianStep(expression: string, zone: string): number {
  const cron = parseCron(expression);
  let at = Date.UTC(2026, 0, 1);
  const times = Array.from({ length: 2_000 }, () => {
    const start = performance.now();
    at = nextOccurrence(cron, zone, at).at;
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[1_000]! * 1_000;
}

function worst(title: string, cases: readonly Case[]): void {
  const timed = cases.map((one) => ({ one, ms: cost(() => next(one)) }));
  const { one, ms } = timed.reduce((most, other) => (other.ms > most.ms ? other : most));
  console.log(`${title} (${cases.length}): ${ms.toFixed(2)} ms for ${one.join(' | ')}`);
}

function generated(): Case[] {
  const zones = Intl.supportedValuesOf('timeZone');
  const anyCase = fc.tuple(
    anyCron.map(({ text }) => text),
    fc.constantFrom(...zones),
    fc.integer({ min: Date.UTC(1970, 0), max: Date.UTC(2100, 0) }),
  );
  return fc.sample(anyCase, { numRuns: GENERATED, seed });
}

console.log(`the first of all: ${cost(() => next(['0 6 29 2 *', 'America/New_York', 0])).toFixed(1)} ms`);
worst(
  'worst of the vectors, each zone new',
  vectors.map(({ expr, tz, from }) => [expr, tz, from] as const),
);
worst('worst of the dearest', DEAREST);
worst('worst of generated ones', generated());
for (const zone of ['UTC', 'America/New_York'])
  for (const expression of USUAL)
    console.log(`median next() in ${zone}: ${medianStep(expression, zone).toFixed(1)} µs for ${expression}`);
