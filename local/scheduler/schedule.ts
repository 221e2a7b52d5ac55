import type { Definition } from './definition.js';
import { type Expression, nextOccurrence, parseExpression } from './expression.js';

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

const parsed = new WeakMap<Definition, Expression>();

function expressionOf(definition: Definition): Expression {
  const known = parsed.get(definition);
  if (known) return known;
  const expression = parseExpression(definition.ScheduleExpression, definition.ScheduleExpressionTimezone);
  parsed.set(definition, expression);
  return expression;
}

/**
 * When the schedule fires next; a moment already past means at once. Undefined when it is done or disabled.
 *
 * A one-time schedule whose moment has passed at its creation fires at once (AWS leaves that undefined), and ignores
 * StartDate and EndDate, as on AWS. Recurring occurrences missed while nothing ran count as one.
 */
export function dueOf(schedule: Schedule): number | undefined {
  const { definition, armedAt, firedAt } = schedule;
  if (definition.State === 'DISABLED') return undefined;
  const expression = expressionOf(definition);
  if (expression.kind === 'at') return firedAt === undefined ? expression.at : undefined;
  const start = definition.StartDate === undefined ? armedAt : definition.StartDate * 1000;
  const due = nextOccurrence(expression, start, firedAt ?? Math.max(start, armedAt) - 1);
  const end = definition.EndDate === undefined ? Number.POSITIVE_INFINITY : definition.EndDate * 1000;
  return due !== undefined && due <= end ? due : undefined;
}

export function scheduleArn({ GroupName, Name }: Definition): string {
  return `arn:aws:scheduler:us-east-1:000000000000:schedule/${GroupName}/${Name}`;
}
