import type { ConfigStore } from '../adapters/dynamodb/config-store.js';
import type { IdempotencyStore } from '../adapters/dynamodb/idempotency-store.js';
import type { SeenSignatures } from '../adapters/dynamodb/seen-signatures.js';
import type { Secrets } from '../adapters/secrets.js';
import type { AuditTrail } from '../core/audit/audit-entry.js';
import type { BulkStore, DeadLetterLists } from '../core/dead-letter/bulk-job.js';
import type { EventLists } from '../core/event/event.js';
import type { ConfigReader, RunPorts } from '../core/ports.js';
import type { RunLists } from '../core/run/run-lists.js';
import type { LiveHours } from '../core/stats/live-hours.js';
import type { StatsStore } from '../core/stats/stats-ports.js';

export type { IdempotencyRecord, RequestKey } from '../adapters/dynamodb/idempotency-store.js';

/** What the API's routes work with: what runs need, and the ways to look through and change everything else. */
export interface ApiPorts extends RunPorts {
  readonly configStore: ConfigStore;
  /** What creating task runs reads instead of `config`: of a busy endpoint something up to a second old. */
  readonly intakeConfig?: ConfigReader;
  readonly runLists: RunLists;
  readonly deadLetterLists: DeadLetterLists;
  readonly eventLists: EventLists;
  readonly bulkJobs: BulkStore;
  readonly idempotency: IdempotencyStore;
  readonly seenSignatures: SeenSignatures;
  readonly auditTrail: AuditTrail;
  readonly stats: StatsStore;
  /** The hours that are not rolled up yet, as they stand. */
  readonly liveHours: LiveHours;
  readonly secrets: Secrets;
  readonly settings: ApiSettings;
}

export interface ApiSettings {
  readonly version: string;
  /** How long runs and attempts are kept, in milliseconds. */
  readonly keepMs: number;
  /** `http:` targets are allowed. */
  readonly allowHttp: boolean;
  /** Loopback targets are allowed: the local stack only. */
  readonly allowLoopback: boolean;
  /** How long a request under an Idempotency-Key is taken to be still running, in milliseconds. */
  readonly requestLeaseMs: number;
}
