import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { BoundedCache, cachedRead } from '../../primitives/bounded-cache.js';
import type { ReadAlarms, StageAlarm } from '../../subjects/alarms/alarm.js';

/** Names of alarms; the rest of a name that begins with another stage's name has a hyphen. */
const OWN = /^[A-Za-z0-9]+$/;
/** As `lib/constructs/alarms.ts` describes each alarm. */
const DESCRIPTION = /^(.*): see docs\/runbook\.md#(\S+)$/;
const MOST_PAGES = 5;
const KEPT_MS = 30_000;
const STATES = { OK: 'ok', ALARM: 'alarm', INSUFFICIENT_DATA: 'insufficient_data' } as const;

/**
 * Reads the stage's alarms, whose names begin with `prefix`. CloudWatch takes 9 such calls a second of an account
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html), so an answer is kept for half a minute.
 */
export function createAlarmReader(prefix: string, client: Pick<CloudWatchClient, 'send'>, now = Date.now): ReadAlarms {
  const kept = new BoundedCache<Promise<readonly StageAlarm[]>>(1, { ms: KEPT_MS, now });
  const read = async () => {
    const found: MetricAlarm[] = [];
    let NextToken: string | undefined;
    for (let page = 0; page < MOST_PAGES && (page === 0 || NextToken !== undefined); page++) {
      const answer = await client.send(
        new DescribeAlarmsCommand({ AlarmNamePrefix: prefix, AlarmTypes: ['MetricAlarm'], NextToken }),
      );
      found.push(...(answer.MetricAlarms ?? []));
      NextToken = answer.NextToken;
    }
    return found.flatMap((alarm) => ownAlarm(prefix, alarm) ?? []);
  };
  return () => cachedRead(kept, prefix, read);
}

export const alarmReader = (prefix: string, requestHandler: object): ReadAlarms =>
  createAlarmReader(prefix, new CloudWatchClient({ requestHandler, maxAttempts: 2 }));

function ownAlarm(prefix: string, alarm: MetricAlarm): StageAlarm | undefined {
  const name = alarm.AlarmName?.slice(prefix.length) ?? '';
  const [, meaning, section] = DESCRIPTION.exec(alarm.AlarmDescription ?? '') ?? [];
  if (!OWN.test(name) || meaning === undefined || section === undefined) return undefined;
  return {
    ...{ name, meaning, section },
    // An urgent alarm also says that it is over.
    severity: alarm.OKActions?.length ? 'urgent' : 'notice',
    state: STATES[alarm.StateValue ?? 'INSUFFICIENT_DATA'],
    since: (alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp)?.getTime() ?? 0,
    reason: alarm.StateReason ?? '',
  };
}
