import type { Invocations } from './function-meter.js';
import { sum, times, type Units } from './units.js';

/** What was counted while so many tasks were delivered. */
export interface Counted {
  readonly deliveries: number;
  readonly functions: readonly FunctionCount[];
  /** What belongs to no invocation. */
  readonly rest: Partial<Units>;
}

export interface FunctionCount extends Invocations {
  readonly name: string;
  /** Of all its calls to AWS. */
  readonly calls: Units;
}

/**
 * Units per delivered task: as counted or, with `messagesPerInvocation`, had each invocation that SQS caused brought along
 * so many messages.
 */
export function unitsPerDelivery({ deliveries, functions, rest }: Counted, messagesPerInvocation?: number): Units {
  const parts = functions.map(({ isFed, invocations, messages, perInvocation, perMessage, calls }) => {
    const invoked = isFed && messagesPerInvocation !== undefined ? messages / messagesPerInvocation : invocations;
    return sum([calls, times(invoked, perInvocation), times(messages, perMessage)]);
  });
  return times(1 / deliveries, sum([...parts, rest]));
}

/** The part of a delivery's GB-seconds that is processor time: as slow as this machine is, however many messages come. */
export function processorGbSeconds({ deliveries, functions }: Counted): number {
  return functions.reduce((total, { messages, perMessage }) => total + messages * perMessage.gbSeconds, 0) / deliveries;
}

/**
 * The one's counts, with the other's waits: in a crowd, calls of ten messages look as if they waited for each other.
 */
export function withWaitsOf(counted: Counted, alone: Counted): Counted {
  const functions = counted.functions.map((one) => {
    const other = alone.functions.find(({ name }) => name === one.name);
    if (other === undefined) throw new Error(`no waits of ${one.name}`);
    const { gbSeconds } = other.perInvocation;
    return { ...one, perInvocation: { ...one.perInvocation, gbSeconds } };
  });
  return { ...counted, functions };
}

/** Messages that an invocation which SQS caused brought along; undefined if there was none. */
export function messagesPerInvocation({ functions }: Counted): number | undefined {
  const fed = functions.filter(({ isFed }) => isFed);
  const [messages, invocations] = [total(fed, 'messages'), total(fed, 'invocations')];
  return invocations === 0 ? undefined : messages / invocations;
}

function total(functions: readonly FunctionCount[], what: 'messages' | 'invocations'): number {
  return functions.reduce((sumOfAll, counted) => sumOfAll + counted[what], 0);
}
