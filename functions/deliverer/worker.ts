import type { CallEndpoint } from '../core/call/outbound-call.js';
import type { Keyring } from '../core/encryption.js';
import type { Lane } from '../core/endpoint/endpoint.js';
import type { HealthPorts } from '../core/endpoint/health.js';
import type { RunPorts } from '../core/ports.js';
import type { LaneToken } from '../core/run/token.js';

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
