import { dollarsOf, type MeasuredLoads } from './load.js';
import type { Plan } from './plan.js';

/** The plan as Markdown, for docs/scaling.md. */
export function planText({ limits, rates }: Plan, { loads, measuredAt }: MeasuredLoads): string {
  const perMillion = loads.map((load) => {
    const { atTen, atOne } = dollarsOf(load);
    return [load.scenario, dollars(atTen), dollars(atOne)];
  });
  return [
    `Measured on ${measuredAt}, payloads of 1 KB. Dollars for a million delivered tasks:`,
    markdown(['', 'ten messages per invocation', 'one'], perMillion),
    'By rate, one task per request:',
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
