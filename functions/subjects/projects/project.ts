import type { RetiringSecret } from '../../primitives/signing-secrets.js';
import type { Scope } from './permissions.js';
import type { Quotas } from './quotas.js';

/** Tenant and environment; every key and object belongs to one project. Times are Unix milliseconds. */
export interface Project {
  readonly id: string;
  readonly name: string;
  readonly environment: 'production' | 'staging';
  /** Over how many partitions the project's task runs are spread; every new id names one of them. */
  readonly shards: number;
  /** Encrypted `whsec_…`, which signs calls to inline targets. */
  readonly signing_secret: string;
  /** Secrets that a rotation replaced, and that still sign for a while. */
  readonly retiring_secrets?: readonly RetiringSecret[];
  /** The quotas that differ from the stage's. */
  readonly quotas?: Partial<Quotas>;
  /** Days after a run's end at which its content ends. Absent: with the run. */
  readonly payload_days?: number;
  /** Patterns of the ARNs that the project may reach, of those that the installation may. Absent: all of them. */
  readonly allowed_targets?: readonly string[];
  readonly created_at: number;
  readonly updated_at: number;
  /** Deleted from this moment on: nothing is taken or called for it any more, and its data is being removed. */
  readonly deleted_at?: number;
  readonly removal?: Removal;
}

/** How far the data of a deleted project is removed. */
export interface Removal {
  /** Rows that were removed. */
  readonly rows: number;
  /** When the last rows were found. */
  readonly found_at: number;
  /** From this moment on there is no more data, and no call is made any more. */
  readonly finished_at?: number;
}

/** A project's API key. The key itself is never stored, only its SHA-256. */
export interface ApiKey {
  readonly id: string;
  readonly project_id: string;
  readonly label: string;
  readonly last_four: string;
  /** Encrypted; for signed requests. */
  readonly signing_secret: string;
  readonly created_at: number;
  /** Absent: all scopes. */
  readonly scopes?: readonly Scope[];
  /** Refused from this moment on. */
  readonly expires_at?: number;
  readonly last_used_at?: number;
  /** The address from which the key was used then. */
  readonly last_used_from?: string;
  readonly revoked_at?: number;
}
