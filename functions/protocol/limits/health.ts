import type { Clock } from '../../primitives/clock.js';
import { type Endpoint, type EndpointKey, keyOfEndpoint, letsGo } from '../../subjects/endpoints/endpoint.js';
import type { Attempt, RunDefinition } from '../../subjects/task-runs/task-run.js';
import type { WakeUps } from '../rules/ports.js';
import { goneReason } from '../rules/transitions.js';
import { sendRelease } from './held-runs.js';

/** What the deliverer writes on an endpoint. Every write is conditional: a late or repeated write changes nothing. */
export interface EndpointHealthStore {
  /** Sets `failing_since`, if it is not set. */
  noteFailing(key: EndpointKey, since: number): Promise<void>;
  /** Removes `failing_since`, if it still is `since`, and sets `recovered_at`. */
  noteRecovered(key: EndpointKey, since: number, at: number): Promise<void>;
  /** Disables the endpoint and raises `rev`, if no person has changed it since the read. Answers whether it did. */
  disable(seen: Endpoint, reason: string, at: number): Promise<boolean>;
  /** Records that the disabling at that moment was announced. */
  noteAnnounced(key: EndpointKey, disabledAt: number): Promise<void>;
  /** Removes `listener_id`, if it still names that listener. */
  forgetListener(key: EndpointKey, listener: string): Promise<void>;
}

export interface HealthPorts {
  readonly health: EndpointHealthStore;
  readonly wakeUps: WakeUps;
  readonly clock: Clock;
  /** Publishes that the endpoint was disabled, why and when. May be repeated for the same disabling. */
  readonly announceDisabled: (endpoint: Endpoint) => Promise<void>;
}

/** Days without a success after which an endpoint is disabled. */
const FAILING_DAYS = 5;
const DAY_MS = 24 * 60 * 60 * 1000;
/** By then a call that was in progress at the first failure has ended, and its outcome was noted. */
const UNDER_WAY_MS = 10 * 60_000;
/** An endpoint that alternates between failure and success is noted as failing at most this often. */
const NOTE_EVERY_MS = 60_000;

/**
 * Notes what a call says of its endpoint, after the verdict is recorded. A worker that finds the verdict again repeats
 * this, so everything refers to the moment when the call ended. A success at a healthy endpoint writes nothing.
 */
export async function noteOutcome(
  ports: Pick<HealthPorts, 'announceDisabled' | 'clock' | 'health' | 'wakeUps'>,
  endpoint: Endpoint,
  run: Pick<RunDefinition, 'source'>,
  attempt: Attempt,
): Promise<void> {
  const { finished_at: now } = attempt;
  const { failing_since, recovered_at = 0 } = endpoint;
  const key = keyOfEndpoint(endpoint);
  const gone = goneReason(run, attempt);
  if (attempt.status === 'cancelled' || endpoint.status === 'disabled') return;
  if (attempt.status === 'success') {
    if (failing_since !== undefined && failing_since <= now) await ports.health.noteRecovered(key, failing_since, now);
  } else if (gone !== undefined) {
    await disable(ports, endpoint, gone, now);
  } else if (failing_since === undefined) {
    if (now - recovered_at >= NOTE_EVERY_MS) await ports.health.noteFailing(key, now);
  } else if (now - failing_since >= FAILING_DAYS * DAY_MS + UNDER_WAY_MS) {
    const since = new Date(failing_since).toISOString();
    await disable(ports, endpoint, `Every call has failed since ${since}, for ${FAILING_DAYS} days.`, now);
  }
}

/** The order: the release token, the decision, the announcement, the record that it was announced. */
async function disable(
  ports: Pick<HealthPorts, 'announceDisabled' | 'clock' | 'health' | 'wakeUps'>,
  endpoint: Endpoint,
  reason: string,
  now: number,
): Promise<void> {
  const after: Endpoint = { ...endpoint, status: 'disabled', disabled_reason: reason, disabled_at: now };
  if (letsGo(endpoint, after)) await sendRelease(ports, endpoint, (endpoint.rev ?? 0) + 1);
  if (await ports.health.disable(endpoint, reason, now)) await announce(ports, after);
}

/** Announces a disabling that is not announced yet: the worker that disabled the endpoint may have died. */
export async function announceIfDue(
  ports: Pick<HealthPorts, 'announceDisabled' | 'health'>,
  endpoint: Endpoint,
): Promise<void> {
  if (endpoint.status === 'disabled' && endpoint.announcement_due) await announce(ports, endpoint);
}

async function announce(ports: Pick<HealthPorts, 'announceDisabled' | 'health'>, endpoint: Endpoint): Promise<void> {
  await ports.announceDisabled(endpoint);
  await ports.health.noteAnnounced(keyOfEndpoint(endpoint), endpoint.disabled_at!);
}
