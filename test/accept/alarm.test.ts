import { ring } from './alarm.js';
import type { Account } from './step.js';

const SINCE = '2026-12-01T00:00:00.123Z';

function accountWith(history: readonly string[]): { account: Account; asked: string[] } {
  const asked: string[] = [];
  const aws = (async (...words: readonly string[]) => {
    asked.push(words.join(' '));
    if (words[1] === 'describe-alarms')
      return { MetricAlarms: [{ StateValue: 'ALARM', StateUpdatedTimestamp: SINCE }] };
    return { AlarmHistoryItems: history.map((HistorySummary) => ({ HistorySummary })) };
  }) as Account['aws'];
  return { account: { aws, stage: 'dev', stack: 'Punctual-dev', outputs: {} }, asked };
}

test('an alarm rings by its metric, and its topic is told since then', async () => {
  const { account, asked } = accountWith(['Successfully executed action arn:aws:sns:…']);
  expect(await ring(account)).toContain('Punctual-dev-FailedMessages` is ALARM');
  expect(asked[0]).toBe(
    'cloudwatch put-metric-data --namespace Punctual --metric-name failed_messages --dimensions stage=dev --value 10 --unit Count',
  );
  expect(asked[2]).toMatch(new RegExp(`--history-item-type Action --start-date ${SINCE}$`));
});

test('an alarm that no topic hears of is a fault', async () => {
  jest.useFakeTimers();
  const { account } = accountWith(['Failed to execute action arn:aws:sns:…']);
  const ringing = expect(ring(account)).rejects.toThrow(/the topic of Punctual-dev-FailedMessages is told/);
  await jest.advanceTimersByTimeAsync(120_000);
  await ringing;
});
