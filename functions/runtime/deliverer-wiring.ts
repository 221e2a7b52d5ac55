import { randomBytes } from 'node:crypto';
import { createCaller } from '../destinations/callers.js';
import { systemClock } from '../primitives/clock.js';
import { announceDisabled } from '../protocol/effects/announce.js';
import { projectShares } from '../protocol/limits/project-shares.js';
import type { LaneToken } from '../protocol/rules/token.js';
import { createQueueSender } from '../queues/queue-sender.js';
import { createClaimStore } from '../storage/claim-store.js';
import { createEndpointHealthStore } from '../storage/endpoint-health-store.js';
import { createPlaceStore } from '../storage/place-store.js';
import { createRelayStore } from '../storage/relay-store.js';
import { createWorkedOff } from '../storage/sweep-store.js';
import type { Endpoint, Lane } from '../subjects/endpoints/endpoint.js';
import { createSpanSender, withSpans } from './call-spans.js';
import { delivererEnv, queuesEnv, readEnv, stageEnv } from './env.js';
import { failureSettings, workedQueue } from './failure-wiring.js';
import { inHand } from './in-hand.js';
import { logger } from './logger.js';
import { metrics } from './metrics.js';
import { wireSecrets } from './secrets-wiring.js';
import { sharingReads } from './shared-reads.js';
import { callRules, days, documents, sqs, tables, wireRuns } from './wiring.js';

/** The adapters and settings of a lane's deliverer. */
export function wireDeliverer() {
  const env = readEnv(delivererEnv);
  const stage = readEnv(stageEnv);
  const queues = readEnv(queuesEnv);
  const ports = wireRuns();
  const runPorts = sharingReads(ports, inHand);
  const keepMs = days(stage.RETENTION_DAYS);
  const call = createCaller({ ...callRules(), now: Date.now });
  const daemon = env.TRACING && env.AWS_XRAY_DAEMON_ADDRESS;

  const urls = { fast: queues.FAST_LANE_URL, slow: queues.SLOW_LANE_URL, crowded: env.CROWDED_LANE_URL };
  const places = { fast: env.FAST_LANE_PROJECT_PLACES, slow: env.SLOW_LANE_PROJECT_PLACES };
  const secrets = wireSecrets();
  const worker = {
    ...runPorts,
    call: daemon ? withSpans(call, createSpanSender(daemon)) : call,
    decrypt: secrets.decrypt,
    encrypt: secrets.encrypt,
    claims: createClaimStore(documents, tables.RUNS_TABLE),
    relays: createRelayStore(documents, tables.RUNS_TABLE),
    health: createEndpointHealthStore(documents, tables.CONFIG_TABLE),
    announceDisabled: (endpoint: Endpoint) => {
      const { disabled_reason: reason = '', disabled_at: at = Date.now(), failing_since: since = at } = endpoint;
      return announceDisabled(runPorts, endpoint, { reason, since, at });
    },
    random: Math.random,
    randomBytes,
    noteBraked: ({ project, run, hop }: LaneToken) => {
      metrics.count('hop_cap_reached');
      logger.warn('message put back too often', { project, run, hop });
    },
  };
  const settings = {
    version: stage.VERSION,
    holdMs: env.HOLD_SECONDS * 1000,
    leaseMarginMs: env.LEASE_MARGIN_SECONDS * 1000,
    maxReclaims: env.MAX_RECLAIMS,
    maxHops: stage.MAX_HOPS,
    keepMs,
  };
  const workerOf = (lane: Lane) => ({ ...worker, settings: { ...settings, lane } });

  return {
    lane: env.LANE,
    queue: workedQueue(urls[env.LANE]),
    sendToCrowdedLane: createQueueSender(sqs, urls.crowded),
    noteCrowded: () => metrics.count('crowded'),
    failures: failureSettings(),
    workedOff: createWorkedOff(documents, tables.RUNS_TABLE),
    shares: projectShares({
      places: createPlaceStore(documents, tables.RUNS_TABLE),
      limits: places,
      hasOthers: async () => (await ports.config.projects(undefined, 2)).length > 1,
      holder: randomBytes(8).toString('hex'),
      clock: systemClock,
      random: Math.random,
      onError: (error) => logger.warn('share not counted', { error: error as Error }),
    }),
    /** By the lane that a message came from. */
    workers: { fast: workerOf('fast'), slow: workerOf('slow') },
  };
}
