import { randomUUID } from 'node:crypto';
import type { Invocation } from './schedule.js';

/** The message an attempt sends: the target's Input with its context attributes filled in, or AWS's default event. */
export function messageOf({ id, scheduleArn, target, due }: Invocation, attempt: number): string {
  const scheduledTime = new Date(due).toISOString().replace(/\.\d+Z$/, 'Z');
  if (target.Input === undefined) return defaultEvent(scheduleArn, scheduledTime);
  return target.Input.replaceAll('<aws.scheduler.schedule-arn>', scheduleArn)
    .replaceAll('<aws.scheduler.scheduled-time>', scheduledTime)
    .replaceAll('<aws.scheduler.execution-id>', id)
    .replaceAll('<aws.scheduler.attempt-number>', String(attempt));
}

function defaultEvent(scheduleArn: string, time: string): string {
  return JSON.stringify({
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: '000000000000',
    time,
    region: 'us-east-1',
    resources: [scheduleArn],
    detail: '{}',
  });
}
