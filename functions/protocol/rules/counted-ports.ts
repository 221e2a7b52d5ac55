import { siblingId } from '../../primitives/ids.js';
import type { Counted, Metrics } from '../../primitives/metrics.js';
import type { Attempt, RunState } from '../../subjects/task-runs/task-run.js';
import type { HeldRunStore } from './held-run.js';
import type { RunKey, RunPorts, RunStore, WakeUps } from './ports.js';

const COUNTED_STATUS: Partial<Record<RunState['status'], Counted>> = {
  success: 'delivered',
  dead_letter: 'dead_lettered',
  skipped: 'skipped',
};

/**
 * The same ports; `metrics` counts the writes whose condition held, so that no writer counts by itself. Two workers of
 * one attempt count once; a crash between write and report loses the count.
 */
export function countedPorts<Ports extends Pick<RunPorts, 'runs' | 'wakeUps' | 'heldRuns'>>(
  ports: Ports,
  metrics: Metrics,
): Ports {
  const { runs, wakeUps, heldRuns } = ports;
  return {
    ...ports,
    runs: countedRuns(runs, metrics),
    wakeUps: countedWakeUps(wakeUps, metrics),
    heldRuns: countedHolding(heldRuns, metrics),
  };
}

/** Counts every task run and every event that the API creates. */
export function countedIntake<Ports extends Pick<RunPorts, 'runs' | 'events'>>(ports: Ports, metrics: Metrics): Ports {
  const { runs, events } = ports;
  return {
    ...ports,
    runs: {
      ...runs,
      async create(run) {
        await runs.create(run);
        metrics.count('accepted');
      },
    },
    events: {
      ...events,
      async create(event) {
        await events.create(event);
        if (event.body_format !== 'notification') metrics.count('accepted'); // job notifications are our own
      },
    },
  };
}

function countedRuns(runs: RunStore, metrics: Metrics): RunStore {
  return {
    ...runs,
    async begin(key, state) {
      const held = await runs.begin(key, state);
      if (held) countChange(metrics, key, undefined, state);
      return held;
    },
    async advance(key, seen, next) {
      const held = await runs.advance(key, seen, next);
      if (held) countChange(metrics, key, seen, next);
      return held;
    },
  };
}

function countedWakeUps(wakeUps: WakeUps, metrics: Metrics): WakeUps {
  return {
    ...wakeUps,
    async sendToLane(lane, token, due) {
      await wakeUps.sendToLane(lane, token, due);
      const waitsForRate = token.kind === 'deliver' && token.turn !== undefined;
      if (token.hop > 0 || waitsForRate) metrics.count('deferred');
    },
  };
}

function countedHolding(heldRuns: HeldRunStore, metrics: Metrics): HeldRunStore {
  return {
    ...heldRuns,
    async put(held) {
      const stands = await heldRuns.put(held);
      metrics.count('held');
      return stands;
    },
  };
}

function countChange(metrics: Metrics, key: RunKey, seen: RunState | undefined, next: RunState): void {
  const concluded = attemptsOf(next) > attemptsOf(seen);
  const call = concluded && (next.last_attempt ?? next.first_attempt);
  if (call) measureCall(metrics, call);
  if (concluded && next.status !== 'success') metrics.count('failed_attempts');
  if (concluded && next.status === 'retry_scheduled') metrics.count('retried');
  const status = next.status === seen?.status ? undefined : COUNTED_STATUS[next.status];
  if (status) metrics.count(status);
  if (status === 'dead_lettered' || (concluded && next.status !== 'success'))
    metrics.note({
      ...key,
      ...(concluded && { attempt: next.attempt === 1 ? siblingId('att', key.run) : next.nonce! }),
      status: next.status,
      because: next.reason ?? next.last_error?.code ?? 'unknown',
    });
}

/** How many attempts of the run are recorded. */
function attemptsOf(state: RunState | undefined): number {
  return state ? Number(state.first_attempt !== undefined) + state.later_attempts.length : 0;
}

function measureCall(metrics: Metrics, { started_at, finished_at, lateness_ms, waited }: Attempt): void {
  metrics.measure('latency_ms', finished_at - started_at);
  if (!waited) metrics.measure('lateness_ms', lateness_ms);
}
