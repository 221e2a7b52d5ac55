import type { components } from '../../api/schema.js';

export type TimedAttempt = Pick<components['schemas']['DeliveryAttempt'], 'latency_ms' | 'timings_ms' | 'status'>;

const PHASES = [
  ['dns', 'DNS'],
  ['connect', 'connect'],
  ['tls', 'TLS'],
  ['first_byte', 'first byte'],
] as const;

export interface Segment {
  readonly phase: string;
  readonly name: string;
  readonly ms: number;
}

/** The completed phases of a call, then its rest: the body of its answer, or what it waited for in vain. */
export function segmentsOf({ latency_ms, timings_ms = {}, status }: TimedAttempt): Segment[] {
  const completed = PHASES.flatMap(([phase, name]) => {
    const ms = timings_ms[phase];
    return ms === undefined ? [] : [{ phase, name, ms }];
  });
  if (completed.length === 0) return [];
  const rest = Math.max(0, Math.round(latency_ms - completed.reduce((sum, { ms }) => sum + ms, 0)));
  const hasAnswer = timings_ms.first_byte !== undefined;
  if (hasAnswer) return [...completed, { phase: 'body', name: 'body', ms: rest }];
  return [
    ...completed,
    { phase: 'lost', name: status === 'cancelled' ? 'until cancelled' : 'until it failed', ms: rest },
  ];
}
