import type { CallEndpoint } from '../destinations/http/outcome.js';
import type { Keyring } from '../primitives/encryption.js';
import type { HealthPorts } from '../protocol/limits/health.js';
import type { RunPorts } from '../protocol/rules/ports.js';
import type { DeliverToken, LaneToken } from '../protocol/rules/token.js';
import type { Lane } from '../subjects/endpoints/endpoint.js';

/**
 * The worker cannot write down what it knows. The message's copy takes that along: whether the call was made, and what came
 * of it, must not depend on a table that refuses writes for an hour.
 */
export class Unfinished extends Error {
  override readonly name = 'Unfinished';
  /** @param token what the copy of the message has to say */
  constructor(
    readonly token: DeliverToken,
    cause: unknown,
  ) {
    super('the worker could not record what it knows', { cause });
  }
}

/** What one delivery works with. */
export interface Worker extends RunPorts, HealthPorts {
  readonly call: CallEndpoint;
  readonly keyring: () => Promise<Keyring>;
  readonly random: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  /** A message has reached the hop cap. */
  readonly noteBraked: (token: LaneToken) => void;
  readonly settings: WorkerSettings;
}

/** Durations are milliseconds. */
export interface WorkerSettings {
  readonly lane: Lane;
  readonly version: string;
  /** How long a due moment is waited for inside the function. */
  readonly holdMs: number;
  /** What a claim's lease lasts beyond the call's own timeout. */
  readonly leaseMarginMs: number;
  /** How often an attempt may be claimed again after its worker was lost. */
  readonly maxReclaims: number;
  /** How often a message may be put back in a row: the brake in place of Lambda's recursion detection. */
  readonly maxHops: number;
  /** How long runs and attempts are kept. */
  readonly keepMs: number;
}

/** The SQS message behind a token. */
export interface Receipt {
  /** How long the invocation may still take, in milliseconds. */
  remainingMs(): number;
  /** Hides the message for so long, and no longer: it comes back soon after this worker must have died. */
  hideFor(ms: number): void;
}

/** A message that was put back as often as the hop cap says comes no sooner than this, however soon it is wanted. */
const BRAKED_MS = 15 * 60_000;

/**
 * Sends a copy that arrives at `due`, so that the original may be acknowledged. A failed batch item would wait out the
 * queue's whole visibility timeout instead, and count towards the DLQ.
 *
 * From the hop cap on each hop takes a quarter of an hour: the brake in place of Lambda's recursion detection. It ends
 * nothing, for a run may have good reason to wait.
 */
export async function putBack(
  worker: Pick<Worker, 'clock' | 'noteBraked' | 'settings' | 'wakeUps'>,
  token: LaneToken,
  due: number,
  lane = worker.settings.lane,
): Promise<void> {
  // A slot that is kept for the run does not wait along: the original passes it on.
  const { slot: _slot, ...copy } = { slot: undefined, ...token };
  const isBraked = token.hop >= worker.settings.maxHops;
  if (isBraked) worker.noteBraked(token);
  const at = isBraked ? Math.max(due, worker.clock.now() + BRAKED_MS) : due;
  await worker.wakeUps.sendToLane(lane, { ...copy, hop: token.hop + 1 }, at);
}
