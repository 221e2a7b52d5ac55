import type { Caller } from '../destinations/kind.js';
import type { Destination } from '../destinations/registry.js';
import type { Encryption } from '../primitives/encryption.js';
import type { HealthPorts } from '../protocol/limits/health.js';
import type { RunPorts } from '../protocol/rules/ports.js';
import type { DeliverToken, LaneToken } from '../protocol/rules/token.js';
import type { Lane } from '../subjects/endpoints/endpoint.js';
import type { RelayStore } from '../subjects/listeners/listener.js';
import type { ClaimStore } from '../subjects/projects/claims.js';

/**
 * The worker cannot record what it knows, so the message's copy carries it: whether a call was made, and its outcome,
 * must survive an hour in which the table refuses writes.
 */
export class Unfinished extends Error {
  override readonly name = 'Unfinished';
  /** @param token the body of the message's copy */
  constructor(
    readonly token: DeliverToken,
    cause: unknown,
  ) {
    super('the worker could not record what it knows', { cause });
  }
}

/** The ports and settings of a delivery. */
export interface Worker extends RunPorts, HealthPorts {
  readonly call: Caller<Destination>;
  readonly decrypt: Encryption['decrypt'];
  readonly encrypt: Encryption['encrypt'];
  /** Of listeners. */
  readonly claims: Pick<ClaimStore, 'held'>;
  readonly relays: RelayStore;
  readonly random: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Counts a message that has reached the hop cap. */
  readonly noteBraked: (token: LaneToken) => void;
  readonly settings: WorkerSettings;
}

/** Durations are milliseconds. */
export interface WorkerSettings {
  readonly lane: Lane;
  readonly version: string;
  /** How long before the due moment a token is waited for inside the function. */
  readonly holdMs: number;
  /** How much longer than the call's own timeout a claim's lease lasts. */
  readonly leaseMarginMs: number;
  /** How often an attempt may be claimed again after its worker was lost. */
  readonly maxReclaims: number;
  /** The hop cap: how often a message may be put back in a row, in place of Lambda's recursion detection. */
  readonly maxHops: number;
  /** How long runs and attempts are kept. */
  readonly keepMs: number;
}

/** The least delay of a message at the hop cap. */
const BRAKED_MS = 15 * 60_000;

/**
 * Sends a copy that arrives at `due`, so that the original may be acknowledged. A failed batch item would instead wait
 * for the queue's whole visibility timeout, and count towards the DLQ.
 *
 * From the hop cap on each hop takes at least a quarter of an hour, in place of Lambda's recursion detection. The cap
 * ends no run, since a run may have good reason to wait.
 */
export async function putBack(
  worker: Pick<Worker, 'clock' | 'noteBraked' | 'settings' | 'wakeUps'>,
  token: LaneToken,
  due: number,
  lane = worker.settings.lane,
): Promise<void> {
  // The copy does not keep the run's slot: the original passes it on.
  const { slot: _slot, ...copy } = { slot: undefined, ...token };
  const isBraked = token.hop >= worker.settings.maxHops;
  if (isBraked) worker.noteBraked(token);
  const at = isBraked ? Math.max(due, worker.clock.now() + BRAKED_MS) : due;
  await worker.wakeUps.sendToLane(lane, { ...copy, hop: token.hop + 1 }, at);
}
