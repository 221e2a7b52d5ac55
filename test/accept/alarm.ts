import { eventually } from '../support/eventually.js';
import type { Account } from './step.js';

/** An urgent alarm on a metric that the functions print: it tells its topic when it rings, and when it is over. */
const RUNG = 'FailedMessages';
const RUNG_METRIC = 'failed_messages';
const MINUTE_MS = 60_000;
const POLL_MS = 1_000;

/** As if ten messages had failed: metric, threshold, alarm and topic do the rest by themselves. */
export async function ring(account: Account): Promise<string> {
  const { aws, stage } = account;
  const what = ['--namespace', 'Punctual', '--metric-name', RUNG_METRIC, '--dimensions', `stage=${stage}`];
  await aws('cloudwatch', 'put-metric-data', ...what, '--value', '10', '--unit', 'Count');
  return becomes(account, 'ALARM', 15 * MINUTE_MS);
}

/** It looks back half an hour. */
export const calm = (account: Account): Promise<string> => becomes(account, 'OK', 50 * MINUTE_MS);

async function becomes({ aws, stack }: Account, state: string, patienceMs: number): Promise<string> {
  const name = `${stack}-${RUNG}`;
  interface Described {
    readonly MetricAlarms: readonly { readonly StateValue: string; readonly StateUpdatedTimestamp: string }[];
  }
  const isSo = async () => {
    const { MetricAlarms } = await aws<Described>('cloudwatch', 'describe-alarms', '--alarm-names', name);
    const [alarm] = MetricAlarms;
    if (alarm === undefined) throw new Error(`${stack} has no alarm ${name}`);
    return alarm.StateValue === state && alarm;
  };
  const { StateUpdatedTimestamp: since } = await eventually(`${name} is ${state}`, isSo, patienceMs, POLL_MS);
  interface History {
    readonly AlarmHistoryItems: readonly { readonly HistorySummary: string }[];
  }
  const words = ['--alarm-name', name, '--history-item-type', 'Action', '--start-date', since];
  const isTold = async () => {
    const { AlarmHistoryItems } = await aws<History>('cloudwatch', 'describe-alarm-history', ...words);
    return AlarmHistoryItems.some(({ HistorySummary }) => HistorySummary.startsWith('Successfully'));
  };
  await eventually(`the topic of ${name} is told that it is ${state}`, isTold, MINUTE_MS, POLL_MS);
  return `\`${name}\` is ${state} since ${since}, and its topic was told.`;
}
