import { randomBytes } from 'node:crypto';
import { createCaller } from '../destinations/callers.js';
import { announceDisabled } from '../protocol/effects/announce.js';
import type { LaneToken } from '../protocol/rules/token.js';
import { createEndpointHealthStore } from '../storage/endpoint-health-store.js';
import { createWorkedOff } from '../storage/sweep-store.js';
import type { Endpoint } from '../subjects/endpoints/endpoint.js';
import { delivererEnv, queuesEnv, readEnv, stageEnv } from './env.js';
import { failureSettings, workedQueue } from './failure-wiring.js';
import { inHand } from './in-hand.js';
import { logger } from './logger.js';
import { metrics } from './metrics.js';
import { wireSecrets } from './secrets-wiring.js';
import { sharingReads } from './shared-reads.js';
import { days, documents, tables, wireRuns } from './wiring.js';

/** The adapters and settings of a lane's deliverer. */
export function wireDeliverer() {
  const env = readEnv(delivererEnv);
  const stage = readEnv(stageEnv);
  const queues = readEnv(queuesEnv);
  const runPorts = sharingReads(wireRuns(), inHand);
  const keepMs = days(stage.RETENTION_DAYS);

  return {
    lane: workedQueue(env.LANE === 'fast' ? queues.FAST_LANE_URL : queues.SLOW_LANE_URL),
    failures: failureSettings(),
    workedOff: createWorkedOff(documents, tables.RUNS_TABLE),
    worker: {
      ...runPorts,
      call: createCaller({ allowHttp: stage.ALLOW_HTTP, allowLoopback: stage.ALLOW_LOOPBACK, now: Date.now }),
      decrypt: wireSecrets().decrypt,
      health: createEndpointHealthStore(documents, tables.CONFIG_TABLE),
      announceDisabled: (endpoint: Endpoint) => {
        const { disabled_reason: reason = '', disabled_at: at = Date.now(), failing_since: since = at } = endpoint;
        return announceDisabled(runPorts, endpoint, { reason, since, at }, keepMs);
      },
      random: Math.random,
      randomBytes,
      noteBraked: ({ project, run, hop }: LaneToken) => {
        metrics.count('hop_cap_reached');
        logger.warn('message put back too often', { project, run, hop });
      },
      settings: {
        lane: env.LANE,
        version: stage.VERSION,
        holdMs: env.HOLD_SECONDS * 1000,
        leaseMarginMs: env.LEASE_MARGIN_SECONDS * 1000,
        maxReclaims: env.MAX_RECLAIMS,
        maxHops: stage.MAX_HOPS,
        keepMs,
      },
    },
  };
}
