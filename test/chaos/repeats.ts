import { grouped } from './grouped.js';
import type { ReceivedCall } from './hostile-receiver.js';
import { SETTINGS } from './settings.js';
import { ENDPOINTS, type PlannedTask } from './workload.js';

/** HTTP calls beyond one for each attempt. */
export interface Repeats {
  /** The worker before died in a kill of the stack. */
  readonly acrossKills: number;
  /** The worker before failed, or took so long to record the outcome that its lease ran out. */
  readonly afterLease: number;
  /** The same worker, since the connection broke before an answer: a socket that the receiver had just closed. */
  readonly resent: number;
  readonly faults: readonly string[];
}

/** Every repeated call must have an excuse. */
export function repeatsOf(
  calls: readonly ReceivedCall[],
  tasks: readonly PlannedTask[],
  kills: readonly number[],
): Repeats {
  const kinds = new Map(tasks.map(({ task, kind }) => [task, kind]));
  const counts = { acrossKills: 0, afterLease: 0, resent: 0 };
  const faults: string[] = [];
  for (const group of grouped(calls, ({ run, attempt }) => `${run} ${attempt}`).values()) {
    const attempts = group.toSorted((a, b) => a.claimedAt - b.claimedAt || a.at - b.at);
    for (const [index, call] of attempts.entries()) {
      const before = attempts[index - 1];
      if (before === undefined) continue;
      const leaseMs = ENDPOINTS[kinds.get(call.task)!].timeout_ms + SETTINGS.leaseMarginSeconds * 1000;
      // The lease runs from the claim, and who takes over looks at the clock before it calls.
      const gapMs = call.at - before.claimedAt;
      if (call.requestId === before.requestId) counts.resent++;
      else if (kills.some((kill) => before.claimedAt <= kill && kill <= call.at)) counts.acrossKills++;
      else if (gapMs >= leaseMs) counts.afterLease++;
      else faults.push(`${call.run} attempt ${call.attempt} was repeated after ${gapMs} ms, within its lease`);
    }
  }
  return { ...counts, faults };
}
