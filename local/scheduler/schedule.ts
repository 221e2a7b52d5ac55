import type { Definition } from './definition.js';

/** A schedule and its state. Times are Unix milliseconds. */
export interface Schedule {
  definition: Definition;
  clientToken: string | undefined;
  createdAt: number;
  modifiedAt: number;
  /** Moment of the schedule's creation, or of its last change of expression. */
  armedAt: number;
  /** Moment of the last fire since `armedAt`. */
  firedAt?: number;
}

/** One fire on its way to the target; a change or deletion of the schedule does not affect it. */
export interface Invocation {
  id: string;
  scheduleArn: string;
  target: Definition['Target'];
  /** The due moment, and the moment at which this invocation began, from which its age counts. */
  due: number;
  startedAt: number;
}

/**
 * Moment at which the schedule fires; a past moment means at once (AWS does not define this). Undefined for a schedule
 * that has fired or is disabled.
 */
export function dueOf({ definition, firedAt }: Schedule): number | undefined {
  if (definition.State === 'DISABLED' || firedAt !== undefined) return undefined;
  return Date.parse(`${definition.ScheduleExpression.slice('at('.length, -1)}Z`);
}

export function scheduleArn({ GroupName, Name }: Definition): string {
  return `arn:aws:scheduler:us-east-1:000000000000:schedule/${GroupName}/${Name}`;
}
