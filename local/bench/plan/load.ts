import type { CostReport } from '../costs/report.js';
import { billOf, dollarsPerMillion, sum, type Units, units } from '../costs/units.js';
import { INIT_SECONDS } from './idle.js';

/** The load of one delivered task, from a measurement of the costs. */
export interface Load {
  readonly scenario: string;
  /** Units at ten messages per invocation, and at one message. */
  readonly atTen: Units;
  readonly atOne: Units;
  /** Seconds of a deliverer's invocation with ten messages, and of a request's invocation. */
  readonly delivererSeconds: number;
  readonly apiSeconds: number;
}

/** The measurement behind the plan. It is committed, so that the plan needs no new measurement. */
export interface MeasuredLoads {
  readonly measuredAt: string;
  readonly loads: readonly Load[];
}

export const PLANNED_PAYLOAD_BYTES = 1024;
export const MESSAGES_PER_INVOCATION = 10;
const API_GB = 0.5;
export const DELIVERER_GB = 0.25;

export function loadOf({ scenario, atTen, atOne, gbSeconds }: CostReport): Load {
  const of = (part: string) =>
    Object.entries(gbSeconds).find(([name]) => name.includes(part))?.[1] ?? { waiting: 0, working: 0 };
  const [api, deliverer] = [of('Api'), of('FastLaneDeliverer')];
  return {
    scenario,
    atTen: atTen.units,
    atOne: atOne.units,
    delivererSeconds: (deliverer.waiting + deliverer.working * MESSAGES_PER_INVOCATION) / DELIVERER_GB,
    apiSeconds: (api.waiting + api.working) / API_GB,
  };
}

/**
 * Seconds of the dispatcher's invocation with ten fires. In the measured cron, deliverer and dispatcher have the same
 * memory and no other function runs, so the dispatcher's share is what the deliverer leaves.
 */
export function dispatcherSeconds({ atTen, delivererSeconds }: Load): number {
  return (atTen.gbSeconds * MESSAGES_PER_INVOCATION) / DELIVERER_GB - delivererSeconds;
}

/** Dollars for a million deliveries. */
export function dollarsOf({ atTen, atOne }: Load): { atTen: number; atOne: number } {
  return { atTen: billOf(atTen), atOne: billOf(atOne) };
}

/** What one schedule costs in 30 days. */
export interface ScheduleMonth {
  readonly fires: string;
  readonly runs: number;
  readonly schedulerInvocations: number;
  readonly coldStarts: number;
  readonly dollars: number;
}

/**
 * Beside a minute cron's fire: EventBridge Scheduler sends the wake-up, and the dispatcher reads schedule and clock, and puts
 * the wake-up back by an SQS delay. Modelled; the scenario `hourly` (35 minutes) counts it.
 */
const FAR_WAKE_UP = units({
  schedulerInvocations: 1,
  functionRequests: 1,
  sqsRequests: 3,
  readUnits: 2,
  gbSeconds: 0.01,
});

/** A function that is called once an hour or more seldom starts anew each time. */
const SCHEDULES = [
  { fires: 'every minute', runs: 30 * 24 * 60, isFar: false },
  { fires: 'every hour', runs: 30 * 24, isFar: true },
  { fires: 'every night', runs: 30, isFar: true },
] as const;

/** `cron`: the counted load of a minute cron. */
export function monthsOfSchedules(cron: Load): ScheduleMonth[] {
  return SCHEDULES.map(({ fires, runs, isFar }) => {
    const fire = isFar ? sum([cron.atOne, FAR_WAKE_UP]) : cron.atOne;
    const coldStarts = isFar ? runs * Math.round(fire.functionRequests) : 0;
    const inits = dollarsPerMillion('gbSeconds', coldStarts * INIT_SECONDS * DELIVERER_GB);
    const schedulerInvocations = runs * Math.round(fire.schedulerInvocations);
    return { fires, runs, schedulerInvocations, coldStarts, dollars: (runs * billOf(fire) + inits) / 1_000_000 };
  });
}
