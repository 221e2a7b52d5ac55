import type { Invocations } from '../costs/function-meter.js';
import { ONE_PROCESSOR_MB } from '../costs/prices.js';
import { dollarsPerMillion } from '../costs/units.js';

/** Where an invocation's time goes: measured once, and the same at every size of memory. */
export interface InvocationTime {
  readonly name: string;
  /** What the invocation does. */
  readonly what: string;
  /** Memory of the function as it ships. */
  readonly memoryMb: number;
  /** Of this machine. */
  readonly processorMs: number;
  /** For AWS, the receiver and the due moment. */
  readonly waitMs: number;
  /** Processor time to load the code: of a cold start, what depends on us. */
  readonly loadMs: number;
}

/** The times of an invocation with so many messages, out of the GB-seconds that a meter has counted at the memory that ships. */
export function timesOf(
  { perInvocation, perMessage }: Pick<Invocations, 'perInvocation' | 'perMessage'>,
  messages: number,
  memoryMb: number,
): Pick<InvocationTime, 'processorMs' | 'waitMs'> {
  const milliseconds = (gbSeconds: number) => (gbSeconds * 1000) / (memoryMb / 1024);
  return {
    processorMs: milliseconds(perMessage.gbSeconds) * messages * shareOf(memoryMb),
    waitMs: milliseconds(perInvocation.gbSeconds),
  };
}

/** An invocation at a size of memory: waits stay, and processor time is divided by the share of a processor. */
export function atMemory({ processorMs, waitMs, loadMs }: InvocationTime, memoryMb: number) {
  const ms = waitMs + processorMs / shareOf(memoryMb);
  const gbSeconds = (ms / 1000) * (memoryMb / 1024);
  return {
    ms,
    coldMs: loadMs / shareOf(memoryMb),
    /** For a million invocations: GB-seconds and requests. */
    dollars: dollarsPerMillion('gbSeconds', gbSeconds) + dollarsPerMillion('functionRequests', 1),
  };
}

function shareOf(memoryMb: number): number {
  return Math.min(1, memoryMb / ONE_PROCESSOR_MB);
}
