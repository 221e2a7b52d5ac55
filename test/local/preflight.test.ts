import { settingsFor } from '../../lib/config.js';
import { concurrencyFinding, concurrencyOfQueues, findingText } from '../../local/preflight/findings.js';

const dev = settingsFor('dev');

test('the queues of a stage may start what their mappings allow; a poller has ten invocations', () => {
  const { fastLaneConcurrency: fast, slowLaneConcurrency, wakeUpConcurrency: wakeUp } = dev;
  const others = slowLaneConcurrency + dev.crowdedLaneConcurrency + dev.replayConcurrency;
  expect(concurrencyOfQueues(dev)).toBe(fast + others + wakeUp);
  const pollers = { minimum: 2, maximum: 30 };
  expect(concurrencyOfQueues({ ...dev, fastLanePollers: pollers })).toBe(300 + others + wakeUp);
  expect(concurrencyOfQueues({ ...dev, wakeUpPollers: pollers })).toBe(fast + others + 300);
});

test('half of the account is enough for the queues; with less, the finding says how much to ask for', () => {
  const queues = concurrencyOfQueues(dev);
  expect(concurrencyFinding(dev, 2 * queues)).toMatchObject({ verdict: 'ready' });
  const { verdict, todo } = concurrencyFinding(dev, 10);
  expect(verdict).toBe('look');
  expect(todo).toContain(`--desired-value ${2 * queues}`);
  expect(todo).toContain('accountConcurrency: 10');
});

test('a finding is a line, and what to do is the line below', () => {
  const finding = { what: 'alarms', verdict: 'look', found: 'no address gets them' } as const;
  expect(findingText(finding)).toBe('look     alarms: no address gets them');
  expect(findingText({ ...finding, todo: 'Set alarmEmail.' }).split('\n')).toEqual([
    'look     alarms: no address gets them',
    '         Set alarmEmail.',
  ]);
});
