import { type Counted, messagesPerInvocation, processorGbSeconds, unitsPerDelivery, withWaitsOf } from './delivered.js';
import { ALONE, CROWDED, CROWDED_WIDELY, measureCost } from './measure.js';
import type { Scenario } from './scenarios.js';
import { billOf, dollarsPerMillion, type Units } from './units.js';

/** Costs of a million deliveries of one scenario. */
export interface CostReport {
  readonly scenario: string;
  readonly payloadBytes: number;
  readonly tasks: number;
  /** As measured on this machine. */
  readonly messagesPerInvocation: number;
  readonly measured: Priced;
  /** Costs at ten messages per invocation, for which the target holds. */
  readonly atTen: Priced;
  /** Costs at one message per invocation. */
  readonly atOne: Priced;
  /** The part of the dollars for processor time, the only part that depends on this machine. */
  readonly processorDollars: number;
  readonly target: number | null;
  /** By function: an invocation's waits, and a message's processor time. */
  readonly gbSeconds: Readonly<Record<string, { readonly waiting: number; readonly working: number }>>;
}

export interface Priced {
  /** Units per delivered task. */
  readonly units: Units;
  /** Dollars for a million delivered tasks, without storage and egress. */
  readonly dollars: number;
}

/** The counts of one scenario: with ten messages together, and one by one. */
export interface CostCounts {
  readonly crowded: Counted;
  readonly alone: Counted;
}

/** Tasks one by one: one environment must hold every fire of the minute. */
const ALONE_TASKS = 20;
const ALONE_FIRES = 3;
const MANY_TASKS = 10_000;

export async function countCost(scenario: Scenario, tasks: number, payloadBytes: number): Promise<CostCounts> {
  const isCron = scenario.firesAfterMinutes !== undefined;
  const alone = await measureCost(
    { scenario, tasks: isCron ? ALONE_FIRES : ALONE_TASKS, payloadBytes },
    isCron
      ? { ...ALONE, settings: { ...ALONE.settings, fastLaneConcurrency: ALONE_FIRES }, environments: ALONE_FIRES }
      : ALONE,
  );
  const pace = isCron || tasks > MANY_TASKS ? CROWDED_WIDELY : CROWDED;
  const crowded = await measureCost({ scenario, tasks, payloadBytes }, pace);
  return { crowded: withWaitsOf(crowded, alone), alone };
}

export function costReport(scenario: Scenario, payloadBytes: number, { crowded, alone }: CostCounts): CostReport {
  return {
    scenario: scenario.name,
    payloadBytes,
    tasks: crowded.deliveries,
    messagesPerInvocation: messagesPerInvocation(crowded) ?? 0,
    measured: priced(unitsPerDelivery(crowded)),
    atTen: priced(unitsPerDelivery(crowded, 10)),
    atOne: priced(unitsPerDelivery(alone, 1)),
    processorDollars: dollarsPerMillion('gbSeconds', processorGbSeconds(crowded)),
    target: scenario.target ?? null,
    gbSeconds: Object.fromEntries(
      crowded.functions
        .filter(({ invocations }) => invocations > 0)
        .map(({ name, perInvocation, perMessage }) => [
          name,
          { waiting: perInvocation.gbSeconds, working: perMessage.gbSeconds },
        ]),
    ),
  };
}

function priced(units: Units): Priced {
  return { units, dollars: billOf(units) };
}
