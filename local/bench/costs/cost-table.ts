import { table } from '../table.js';
import type { CostReport } from './report.js';
import { APART, BILLED, describe, dollarsPerMillion, type Unit } from './units.js';

/** Units per delivered task and dollars per million tasks, one column per scenario. */
export function costTable(reports: readonly CostReport[]): string {
  const amount = (unit: Unit) => (report: CostReport) => {
    const used = report.atTen.units[unit];
    return `${shown(used)}  ${dollars(dollarsPerMillion(unit, used))}`;
  };
  const rows: [string, (report: CostReport) => string][] = [
    ...BILLED.map((unit): [string, (report: CostReport) => string] => [describe(unit), amount(unit)]),
    ['total, ten messages per invocation', ({ atTen }) => dollars(atTen.dollars)],
    ['  of it this machine’s processor time', ({ processorDollars }) => dollars(processorDollars)],
    ['  target', ({ target, payloadBytes }) => (target === null || payloadBytes > 1024 ? '' : dollars(target))],
    ['total as measured', ({ measured }) => dollars(measured.dollars)],
    ['  messages per invocation', ({ messagesPerInvocation }) => messagesPerInvocation.toFixed(1)],
    ['total, one message per invocation', ({ atOne }) => dollars(atOne.dollars)],
    ...APART.map((unit): [string, (report: CostReport) => string] => [`apart: ${describe(unit)}`, amount(unit)]),
  ];
  const head = reports.map(({ scenario, payloadBytes }) => `${scenario}, ${payloadBytes / 1024} KB`);
  return table([['per delivered task', ...head], ...rows.map(([name, cell]) => [name, ...reports.map(cell)])]);
}

const dollars = (amount: number): string => `$${amount.toFixed(2)}`;

function shown(amount: number): string {
  return amount >= 100 ? amount.toFixed(0) : amount.toFixed(3).replace(/\.?0+$/, '');
}
