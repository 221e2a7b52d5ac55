import { table } from '../table.js';
import type { FanOutReport } from './fan-out.js';
import type { Lateness, LatenessReport } from './lateness.js';
import type { ProcessorTime } from './processor-time.js';
import type { ThroughputReport } from './throughput.js';

export function throughputTable(report: ThroughputReport): string {
  const messages = Object.entries(report.messagesPerInvocation);
  return table([
    [`${report.tasks} deliveries`, ''],
    ['deliveries per second', report.deliveriesPerSecond.toFixed(0)],
    ['requests accepted within', `${report.acceptedMs} ms`],
    ['lateness', latenessText(report.lateness)],
    ...messages.map(([name, count]) => [`messages per invocation of ${plain(name)}`, count.toFixed(1)]),
    ...callRows(report.callsPerDelivery),
    ['processor time per delivery', processorText(report.processorMsPerDelivery)],
  ]);
}

export function latenessTable(report: LatenessReport): string {
  const { firesPerSecond, beat, lateness, whileStarting, callsPerDelivery } = report;
  return table([
    [`${firesPerSecond} fires a second, ${beat}`, ''],
    ['lateness', latenessText(lateness)],
    ['while the functions start', latenessText(whileStarting)],
    ...callRows(callsPerDelivery),
  ]);
}

export function fanOutTable({ endpoints, runsPerSecond, deliveriesPerSecond, callsPerDelivery }: FanOutReport): string {
  return table([
    [`one event to ${endpoints} endpoints`, ''],
    ['runs made per second', runsPerSecond.toFixed(0)],
    ['deliveries per second', deliveriesPerSecond.toFixed(0)],
    ...callRows(callsPerDelivery),
  ]);
}

function latenessText({ earliest, p50, p90, p99, latest }: Lateness): string {
  return `earliest ${earliest} ms, p50 ${p50} ms, p90 ${p90} ms, p99 ${p99} ms, latest ${latest} ms`;
}

function processorText({ all, servers }: ProcessorTime): string {
  if (servers === undefined) return `${all.toFixed(1)} ms`;
  return `${all.toFixed(1)} ms: servers ${servers.toFixed(1)} ms, functions and V8's helpers ${(all - servers).toFixed(1)} ms`;
}

function callRows(callsPerDelivery: Readonly<Record<string, number>>): string[][] {
  return Object.entries(callsPerDelivery).map(([call, count]) => [`calls per delivery: ${call}`, count.toFixed(3)]);
}

/** A logical id without the CDK's hash at its end. */
function plain(name: string): string {
  return name.replace(/[0-9A-F]{8}$/, '');
}
