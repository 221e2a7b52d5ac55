import type { Invocations } from './function-meter.js';
import { sum, times, type Units } from './units.js';

/** The counts of a number of delivered tasks. */
export interface Counted {
  readonly deliveries: number;
  readonly functions: readonly FunctionCount[];
  /** Units that belong to no invocation. */
  readonly rest: Partial<Units>;
}

export interface FunctionCount extends Invocations {
  readonly name: string;
  /** Units of all calls of the function to AWS. */
  readonly calls: Units;
}

/**
 * Units per delivered task: as counted or, with `messagesPerInvocation`, computed for that number of messages in each
 * invocation by SQS.
 */
export function unitsPerDelivery({ deliveries, functions, rest }: Counted, messagesPerInvocation?: number): Units {
  const parts = functions.map(({ isFed, invocations, messages, perInvocation, perMessage, calls }) => {
    const invoked = isFed && messagesPerInvocation !== undefined ? messages / messagesPerInvocation : invocations;
    return sum([calls, times(invoked, perInvocation), times(messages, perMessage)]);
  });
  return times(1 / deliveries, sum([...parts, rest]));
}

/** The processor's part of a delivery's GB-seconds: it depends on this machine, but not on messages per invocation. */
export function processorGbSeconds({ deliveries, functions }: Counted): number {
  return functions.reduce((total, { messages, perMessage }) => total + messages * perMessage.gbSeconds, 0) / deliveries;
}

/** The counts of `counted` with the waits of `alone`: with ten messages, calls seem to wait for each other. */
export function withWaitsOf(counted: Counted, alone: Counted): Counted {
  const functions = counted.functions.map((one) => {
    const other = alone.functions.find(({ name }) => name === one.name);
    if (other === undefined) throw new Error(`no waits of ${one.name}`);
    const { gbSeconds } = other.perInvocation;
    return { ...one, perInvocation: { ...one.perInvocation, gbSeconds } };
  });
  return { ...counted, functions };
}

/** Messages per invocation by SQS; undefined if there was none. */
export function messagesPerInvocation({ functions }: Counted): number | undefined {
  const fed = functions.filter(({ isFed }) => isFed);
  const [messages, invocations] = [total(fed, 'messages'), total(fed, 'invocations')];
  return invocations === 0 ? undefined : messages / invocations;
}

function total(functions: readonly FunctionCount[], what: 'messages' | 'invocations'): number {
  return functions.reduce((sumOfAll, counted) => sumOfAll + counted[what], 0);
}
