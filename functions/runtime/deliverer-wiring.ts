import { randomBytes } from 'node:crypto';
import { createHttpCaller } from '../adapters/http/http-caller.js';
import { createVisibility } from '../adapters/queues/visibility.js';
import { createKeyring, type Keyring } from '../core/sealed.js';
import { delivererEnv, queuesEnv, readEnv, stageEnv } from './env.js';
import { logger } from './logger.js';
import { days, sqs, wireRuns, wireSecrets } from './wiring.js';

/** All that a delivery lane's function works with. */
export function wireDeliverer() {
  const env = readEnv(delivererEnv);
  const stage = readEnv(stageEnv);
  const queues = readEnv(queuesEnv);
  const secrets = wireSecrets();
  let keyring: Keyring | undefined;

  return {
    maxReceives: env.LANE_MAX_RECEIVES,
    failedAgainMs: env.FAILED_AGAIN_SECONDS * 1000,
    visibility: createVisibility(sqs, env.LANE === 'fast' ? queues.FAST_LANE_URL : queues.SLOW_LANE_URL, (error) =>
      logger.warn('visibility not changed', { error: error as Error }),
    ),
    worker: {
      ...wireRuns(),
      call: createHttpCaller({ allowHttp: stage.ALLOW_HTTP, allowLoopback: stage.ALLOW_LOOPBACK, now: Date.now }),
      keyring: async () => {
        keyring ??= createKeyring(await secrets.master());
        return keyring;
      },
      random: Math.random,
      randomBytes,
      settings: {
        lane: env.LANE,
        version: stage.VERSION,
        holdMs: env.HOLD_SECONDS * 1000,
        leaseMarginMs: env.LEASE_MARGIN_SECONDS * 1000,
        maxReclaims: env.MAX_RECLAIMS,
        maxHops: stage.MAX_HOPS,
        keepMs: days(stage.RETENTION_DAYS),
      },
    },
  };
}
