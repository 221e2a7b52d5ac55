import type { RetiringSecret } from '../../primitives/signing-secrets.js';

/** Tenant and environment; every key and object belongs to one. Times are Unix milliseconds. */
export interface Project {
  readonly id: string;
  readonly name: string;
  readonly environment: 'production' | 'staging';
  /** How many partitions the project's task runs are spread over; new ids carry one of them. */
  readonly shards: number;
  /** Sealed `whsec_…`: signs what goes to inline targets. */
  readonly signing_secret: string;
  /** What a rotation replaced, and signs on for a while. */
  readonly retiring_secrets?: readonly RetiringSecret[];
  readonly created_at: number;
  readonly updated_at: number;
  /** From here on it is gone for everybody but the task runs that it left behind. */
  readonly deleted_at?: number;
}

/** A project's API key. The key itself is never stored, only its SHA-256. */
export interface ApiKey {
  readonly id: string;
  readonly project_id: string;
  readonly label: string;
  readonly last_four: string;
  /** Sealed; for signed requests. */
  readonly signing_secret: string;
  readonly created_at: number;
  readonly last_used_at?: number;
  readonly revoked_at?: number;
}
