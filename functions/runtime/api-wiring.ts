import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { systemClock } from '../primitives/clock.js';
import { onFirstUse } from '../primitives/once.js';
import { hotConfig } from '../protocol/rules/config-reads.js';
import { countedIntake } from '../protocol/rules/counted-ports.js';
import { createBulkStore } from '../storage/bulk-store.js';
import { createClaimStore } from '../storage/claim-store.js';
import { createDeadLetterLists } from '../storage/dead-letter-lists.js';
import { createEventLists } from '../storage/event-lists.js';
import { createFailedSignIns } from '../storage/failed-sign-ins.js';
import { createIdempotencyStore } from '../storage/idempotency-store.js';
import { createNameStore } from '../storage/name-store.js';
import { createRelayStore } from '../storage/relay-store.js';
import { createRunLists } from '../storage/run-lists.js';
import { createSearchIndex } from '../storage/search-index.js';
import { createSeenSignatures } from '../storage/seen-signatures.js';
import { createSessionStore } from '../storage/session-store.js';
import { createSweepStore } from '../storage/sweep-store.js';
import type { ReadAlarms } from '../subjects/alarms/alarm.js';
import { type GivenCaller, iamCallers } from '../subjects/projects/iam-callers.js';
import type { IdentityProvider, ProviderSettings } from '../subjects/sessions/identity.js';
import { createLiveHours } from '../subjects/stats/read-hours.js';
import type { ApiPorts } from './api-ports.js';
import { apiEnv, readEnv, stageEnv } from './env.js';
import { createIdentityProvider } from './identity-provider.js';
import { metrics } from './metrics.js';
import { providerSettings } from './provider-settings.js';
import { publishedDocuments } from './published-documents.js';
import { readSecret } from './secrets.js';
import { wireSecrets } from './secrets-wiring.js';
import { auditTrail, callRules, documents, requestHandler, tables, wireQuotas, wireRuns, wireStats } from './wiring.js';

/** The adapters of the API. */
export function wireApi(): ApiPorts {
  const stage = readEnv(stageEnv);
  const {
    REQUEST_LEASE_SECONDS,
    SESSION_HOURS,
    IDENTITY_PROVIDER,
    DISTRIBUTION_MARK,
    IAM_CALLERS,
    LISTENERS,
    ALARM_PREFIX,
  } = readEnv(apiEnv);
  const provider = providerSettings(IDENTITY_PROVIDER);
  const { config, ...runPorts } = countedIntake(wireRuns(), metrics);
  const runLists = createRunLists(documents, tables.RUNS_TABLE, systemClock);
  const stats = wireStats();
  const { quotas, ...quotaPorts } = wireQuotas(config);
  return {
    ...runPorts,
    ...quotaPorts,
    config,
    configStore: config,
    intakeConfig: hotConfig(config, Date.now),
    runLists,
    deadLetterLists: createDeadLetterLists(documents, tables.DEAD_LETTERS_TABLE),
    eventLists: createEventLists(documents, tables.RUNS_TABLE, systemClock),
    bulkJobs: createBulkStore(documents, tables.RUNS_TABLE, systemClock),
    sweep: createSweepStore(documents, tables.RUNS_TABLE),
    claims: createClaimStore(documents, tables.RUNS_TABLE),
    relays: createRelayStore(documents, tables.RUNS_TABLE),
    names: createNameStore(documents, tables.CONFIG_TABLE),
    searchIndex: createSearchIndex(documents, {
      config: tables.CONFIG_TABLE,
      runs: tables.RUNS_TABLE,
      deadLetters: tables.DEAD_LETTERS_TABLE,
    }),
    idempotency: createIdempotencyStore(documents, tables.RUNS_TABLE, systemClock),
    seenSignatures: createSeenSignatures(documents, tables.RUNS_TABLE, systemClock),
    sessions: createSessionStore(documents, tables.RUNS_TABLE, systemClock),
    failedSignIns: createFailedSignIns(documents, tables.RUNS_TABLE, systemClock),
    ...(provider && { identityProvider: wireIdentityProvider(provider, stage.ALLOW_LOOPBACK) }),
    ...(ALARM_PREFIX && { alarms: wireAlarms(ALARM_PREFIX) }),
    auditTrail,
    stats,
    liveHours: createLiveHours({ runLists, stats }, systemClock),
    secrets: wireSecrets(),
    metrics,
    // The documents lie beside the bundle: see `lib/bundles.ts`.
    documents: publishedDocuments((name) => readFile(join(__dirname, 'documents', `${name}.br`))),
    settings: {
      version: stage.VERSION,
      ...callRules(),
      requestLeaseMs: REQUEST_LEASE_SECONDS * 1000,
      sessionMs: SESSION_HOURS * 60 * 60 * 1000,
      provider,
      distributionMark: DISTRIBUTION_MARK,
      ...(IAM_CALLERS && { iamCallers: iamCallers(JSON.parse(IAM_CALLERS) as GivenCaller[]) }),
      listeners: LISTENERS === 'true',
      quotas,
    },
  };
}

/** A file beside the bundle (`lib/bundles.ts`), which the first request for the alarms loads. */
function wireAlarms(prefix: string): ReadAlarms {
  const reader = onFirstUse(async () => (await import('./cloudwatch/alarms.js')).alarmReader(prefix, requestHandler));
  return async () => (await reader())();
}

/** A client's secret is read at each sign-in, which are rare: so a new secret needs no deployment. */
function wireIdentityProvider(settings: ProviderSettings, allowLoopback: boolean): IdentityProvider {
  const { clientSecretArn } = settings;
  const client = new SecretsManagerClient({ requestHandler });
  const clientSecret = async () => clientSecretArn && (await readSecret(client, clientSecretArn)).SecretString;
  return createIdentityProvider({ settings, clientSecret, allowLoopback, now: Date.now });
}
