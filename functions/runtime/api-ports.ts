import type { CallRules } from '../destinations/kind.js';
import type { Metrics } from '../primitives/metrics.js';
import type { TakeQuota } from '../protocol/limits/quota-counts.js';
import type { WaitingRuns } from '../protocol/limits/waiting-runs.js';
import type { RunPorts } from '../protocol/rules/ports.js';
import type { SweepStore } from '../protocol/sweep/sweep-ports.js';
import type { ConfigStore } from '../storage/config-store.js';
import type { IdempotencyStore } from '../storage/idempotency-store.js';
import type { SeenSignatures } from '../storage/seen-signatures.js';
import type { ReadAlarms } from '../subjects/alarms/alarm.js';
import type { AuditTrail } from '../subjects/audit/audit-entry.js';
import type { BulkStore } from '../subjects/bulk-jobs/bulk-job.js';
import type { DeadLetterLists } from '../subjects/dead-letters/dead-letter.js';
import type { ConfigReader } from '../subjects/endpoints/config-reader.js';
import type { EventLists } from '../subjects/events/event.js';
import type { RelayStore } from '../subjects/listeners/listener.js';
import type { ClaimStore } from '../subjects/projects/claims.js';
import type { IamCallers } from '../subjects/projects/iam-callers.js';
import type { NameStore } from '../subjects/projects/names.js';
import type { Quotas, UsageStore } from '../subjects/projects/quotas.js';
import type { SearchIndex } from '../subjects/projects/search.js';
import type { FailedSignInStore } from '../subjects/sessions/failed-sign-ins.js';
import type { IdentityProvider, ProviderSettings } from '../subjects/sessions/identity.js';
import type { SessionStore } from '../subjects/sessions/session.js';
import type { LiveHours } from '../subjects/stats/read-hours.js';
import type { StatsStore } from '../subjects/stats/stats-ports.js';
import type { RunLists } from '../subjects/task-runs/task-run-lists.js';
import type { DocumentName, Published } from './published-documents.js';
import type { Secrets } from './secrets.js';

export type { IdempotencyRecord, RequestKey } from '../storage/idempotency-store.js';

/** The ports of the API's routes: those of runs, and those that read and change everything else. */
export interface ApiPorts extends RunPorts {
  readonly configStore: ConfigStore;
  /** The creation of task runs reads this in place of `config`: a busy endpoint may be up to a second old. */
  readonly intakeConfig?: ConfigReader;
  readonly runLists: RunLists;
  readonly deadLetterLists: DeadLetterLists;
  readonly eventLists: EventLists;
  readonly bulkJobs: BulkStore;
  /** What the reconciler looks at later. */
  readonly sweep: Pick<SweepStore, 'putLater'>;
  readonly claims: ClaimStore;
  readonly relays: RelayStore;
  readonly usage: UsageStore;
  readonly takeQuota: TakeQuota;
  readonly waitingRuns: WaitingRuns;
  readonly idempotency: IdempotencyStore;
  readonly seenSignatures: SeenSignatures;
  readonly sessions: SessionStore;
  readonly failedSignIns: FailedSignInStore;
  /** Where persons sign in, if the stage's settings name a provider. */
  readonly identityProvider?: IdentityProvider;
  /** The stage's alarms; the local stack has none. */
  readonly alarms?: ReadAlarms;
  readonly auditTrail: AuditTrail;
  readonly stats: StatsStore;
  /** Counts of the hours that are not rolled up yet. */
  readonly liveHours: LiveHours;
  readonly names: NameStore;
  readonly searchIndex: SearchIndex;
  readonly secrets: Secrets;
  readonly metrics: Pick<Metrics, 'count'>;
  /** What the API publishes about itself. */
  readonly documents: (name: DocumentName) => Promise<Published>;
  readonly settings: ApiSettings;
}

export interface ApiSettings extends CallRules {
  readonly version: string;
  /** Lease of a request under an Idempotency-Key, in milliseconds. */
  readonly requestLeaseMs: number;
  /** Longest life of a session, in milliseconds. */
  readonly sessionMs: number;
  readonly provider?: ProviderSettings | undefined;
  /** What the console's distribution sends as X-Punctual-Distribution: such a request was made by the viewer before it. */
  readonly distributionMark?: string | undefined;
  /** Who calls by a signature of IAM, if the stage's settings name any. */
  readonly iamCallers?: IamCallers | undefined;
  /** Whether endpoints may have listeners. */
  readonly listeners?: boolean;
  /** Of a project that has no other. */
  readonly quotas: Quotas;
}
