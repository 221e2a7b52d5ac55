import type { Definition } from './definition.js';

/** A schedule and how far it has come; times are ms since the epoch. */
export interface Schedule {
  definition: Definition;
  clientToken: string | undefined;
  createdAt: number;
  modifiedAt: number;
  /** Since when it counts: its creation, or its last change of expression. */
  armedAt: number;
  /** When it last fired since then. */
  firedAt?: number;
}

/** One firing on its way to its target; it outlives changes to, and the end of, its schedule. */
export interface Invocation {
  id: string;
  scheduleArn: string;
  target: Definition['Target'];
  /** When the schedule was due, and when this invocation began: its age counts from there. */
  due: number;
  startedAt: number;
}

/**
 * When the schedule fires; a moment already past means at once (AWS leaves that undefined). Undefined when it has fired or is
 * disabled.
 */
export function dueOf({ definition, firedAt }: Schedule): number | undefined {
  if (definition.State === 'DISABLED' || firedAt !== undefined) return undefined;
  return Date.parse(`${definition.ScheduleExpression.slice('at('.length, -1)}Z`);
}

export function scheduleArn({ GroupName, Name }: Definition): string {
  return `arn:aws:scheduler:us-east-1:000000000000:schedule/${GroupName}/${Name}`;
}
