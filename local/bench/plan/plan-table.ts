import { type IdlePart, totalOf } from './idle.js';
import { dollarsOf, type MeasuredLoads, monthsOfSchedules } from './load.js';
import type { Plan } from './plan.js';

/** The plan as Markdown, for docs/scaling.md. */
export function planText(
  { limits, rates }: Plan,
  { loads, measuredAt }: MeasuredLoads,
  idle: Readonly<Record<string, readonly IdlePart[]>>,
): string {
  const perMillion = loads.map((load) => {
    const { atTen, atOne } = dollarsOf(load);
    return [load.scenario, dollars(atTen), dollars(atOne)];
  });
  return [
    `Counted on the local stack on ${measuredAt}, payloads of 1 KB, at AWS’s list prices. Dollars for a million delivered tasks:`,
    markdown(['', 'ten messages per invocation', 'one'], perMillion),
    'By schedule, in 30 days, each call in an invocation of its own. EventBridge Scheduler wakes what is further away than 15 minutes, for $1.00 (list price) of each million:',
    markdown(
      [
        'one schedule that fires',
        'runs',
        'Scheduler invocations',
        'cold starts (INIT)',
        'dollars in 30 days (modelled)',
      ],
      loads
        .filter(({ scenario }) => scenario === 'cron')
        .flatMap(monthsOfSchedules)
        .map(({ fires, runs, schedulerInvocations, coldStarts, dollars: month }) => [
          fires,
          runs.toLocaleString('en-US'),
          schedulerInvocations.toLocaleString('en-US'),
          coldStarts.toLocaleString('en-US'),
          `$${month.toPrecision(2)}`,
        ]),
    ),
    'A stage that does nothing, in 30 days, counted in its template:',
    idleTable(idle),
    'By rate, one task per request (modelled):',
    markdown(
      [
        'deliveries per second',
        'binds, the first first, beside what did before',
        '30 days at ten messages per invocation',
        'at one',
        'an hour’s backlog takes',
      ],
      rates.map(({ deliveriesPerSecond, binding, monthAtTen, monthAtOne, recoveryMinutes }, index) => [
        rate(deliveriesPerSecond),
        binding
          .slice(rates[index - 1]?.binding.length ?? 0)
          .map(({ name }) => name)
          .join('; ') || 'nothing',
        wholeDollars(monthAtTen),
        wholeDollars(monthAtOne),
        recoveryMinutes === undefined ? 'for ever' : `${Math.ceil(recoveryMinutes)} min`,
      ]),
    ),
    'By limit, in the order in which they bind as the rate grows:',
    markdown(
      ['limit', 'allows', 'binds from deliveries per second', 'what lifts it'],
      limits.map(({ name, most, bindsAt, lift }) => [name, rate(most), rate(bindsAt), lift]),
    ),
  ].join('\n\n');
}

/** A row for each part, a column for each stage. */
function idleTable(idle: Readonly<Record<string, readonly IdlePart[]>>): string {
  const stages = Object.values(idle);
  const whats = [...new Set(stages.flatMap((parts) => parts.map(({ what }) => what)))];
  const cell = (what: string) => (parts: readonly IdlePart[]) => {
    const found = parts.find((part) => part.what === what);
    return found ? `${found.much}: ${dollars(found.dollars)}` : 'none';
  };
  const rows = whats.map((what) => [what, ...stages.map(cell(what))]);
  return markdown(
    ['', ...Object.keys(idle)],
    [...rows, ['together', ...stages.map((parts) => dollars(totalOf(parts)))]],
  );
}

export function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A rate with two significant digits, since a forecast is not more precise. */
function rate(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString('en-US');
}

const dollars = (amount: number): string => `$${amount.toFixed(2)}`;
const wholeDollars = (amount: number): string => `$${Number(amount.toPrecision(3)).toLocaleString('en-US')}`;
