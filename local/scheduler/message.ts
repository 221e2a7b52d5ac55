import type { Invocation } from './schedule.js';

/** The message of an attempt: the target's Input with its context attributes filled in. */
export function messageOf({ id, scheduleArn, target, due }: Invocation, attempt: number): string {
  const scheduledTime = new Date(due).toISOString().replace(/\.\d+Z$/, 'Z');
  return target.Input.replaceAll('<aws.scheduler.schedule-arn>', scheduleArn)
    .replaceAll('<aws.scheduler.scheduled-time>', scheduledTime)
    .replaceAll('<aws.scheduler.execution-id>', id)
    .replaceAll('<aws.scheduler.attempt-number>', String(attempt));
}
