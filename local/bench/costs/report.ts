import { type Counted, messagesPerInvocation, processorGbSeconds, unitsPerDelivery, withWaitsOf } from './delivered.js';
import { ALONE, CROWDED, CROWDED_WIDELY, measureCost } from './measure.js';
import type { Scenario } from './scenarios.js';
import { billOf, dollarsPerMillion, type Units } from './units.js';

/** What a million deliveries cost by one scenario. */
export interface CostReport {
  readonly scenario: string;
  readonly payloadBytes: number;
  readonly tasks: number;
  /** As it came on this machine. */
  readonly messagesPerInvocation: number;
  readonly measured: Priced;
  /** At ten messages per invocation, which the target is for. */
  readonly atTen: Priced;
  /** At one message per invocation. */
  readonly atOne: Priced;
  /** Dollars of all of these for processor time, which depends on this machine; all else does not. */
  readonly processorDollars: number;
  readonly target: number | null;
  /** By function, what one of its invocations waits for and what one of its messages takes of the processor. */
  readonly gbSeconds: Readonly<Record<string, { readonly waiting: number; readonly working: number }>>;
}

export interface Priced {
  /** Units per delivered task. */
  readonly units: Units;
  /** A million delivered tasks, without storage and egress. */
  readonly dollars: number;
}

/** What one scenario was counted as: in a crowd, and one by one. */
export interface CostCounts {
  readonly crowded: Counted;
  readonly alone: Counted;
}

/** One environment must hold every fire of the minute on its own. */
const ALONE_TASKS = 20;
const ALONE_FIRES = 3;
const MANY_TASKS = 10_000;

export async function countCost(scenario: Scenario, tasks: number, payloadBytes: number): Promise<CostCounts> {
  const { everyMinute = false } = scenario;
  const alone = await measureCost(
    { scenario, tasks: everyMinute ? ALONE_FIRES : ALONE_TASKS, payloadBytes },
    everyMinute
      ? { ...ALONE, settings: { ...ALONE.settings, fastLaneConcurrency: ALONE_FIRES }, environments: ALONE_FIRES }
      : ALONE,
  );
  const pace = everyMinute || tasks > MANY_TASKS ? CROWDED_WIDELY : CROWDED;
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
