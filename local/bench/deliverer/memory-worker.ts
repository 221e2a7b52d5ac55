import { randomBytes } from 'node:crypto';
import type { Worker } from '../../../functions/deliverer/worker.js';
import { createCaller } from '../../../functions/destinations/callers.js';
import { systemClock } from '../../../functions/primitives/clock.js';
import { createKeyring, encrypt, encryptionWith } from '../../../functions/primitives/encryption.js';
import { makeId } from '../../../functions/primitives/ids.js';
import type { RunPorts } from '../../../functions/protocol/rules/ports.js';
import type { DeliverToken } from '../../../functions/protocol/rules/token.js';
import type { Endpoint } from '../../../functions/subjects/endpoints/endpoint.js';
import type { RunDefinition, RunState } from '../../../functions/subjects/task-runs/task-run.js';

const KEEP_MS = 30 * 24 * 3600 * 1000;
const KEYRING = createKeyring('a master secret for the bench');
const [PROJECT, ENDPOINT] = (['proj', 'ep'] as const).map((prefix) => makeId(prefix, 0, randomBytes(8))) as [
  string,
  string,
];

/** A deliverer with all its rules, and with the tables in memory that successful calls to `url` need. */
export function memoryWorker(url: string, payload: string): { worker: Worker; nextToken(): DeliverToken } {
  const definitions = new Map<string, RunDefinition>();
  const states = new Map<string, RunState>();
  const endpoint = endpointAt(url);
  const ports: Partial<{ [Port in keyof RunPorts]: Partial<RunPorts[Port]> }> = {
    clock: systemClock,
    config: { endpoint: async () => endpoint },
    keepMs: KEEP_MS,
    listeners: { mayBeAny: async () => false },
    runs: {
      definition: async ({ run }) => definitions.get(run),
      begin: async ({ run }, state) => {
        states.set(run, state);
        return true;
      },
      advance: async ({ run }, _seen, next) => {
        states.set(run, next);
        return true;
      },
    },
  };
  const worker: Partial<Worker> = {
    ...(ports as RunPorts),
    call: createCaller({ allowHttp: true, allowLoopback: true, now: Date.now }),
    decrypt: encryptionWith(async () => KEYRING).decrypt,
    random: Math.random,
    randomBytes,
    settings: {
      lane: 'fast',
      version: '0',
      holdMs: 0,
      leaseMarginMs: 5_000,
      maxReclaims: 2,
      maxHops: 500,
      keepMs: KEEP_MS,
    },
  };
  return {
    worker: worker as Worker,
    nextToken() {
      const now = Date.now();
      const run = makeId('run', now, randomBytes(8));
      definitions.set(run, definitionOf(run, payload, now));
      return { kind: 'deliver', project: PROJECT, run, group: ENDPOINT, attempt: 1, due: now, sent_at: now, hop: 0 };
    },
  };
}

function endpointAt(url: string): Endpoint {
  return {
    id: ENDPOINT,
    project_id: PROJECT,
    name: 'bench',
    url,
    method: 'POST',
    headers: {},
    timeout_ms: 10_000,
    status: 'active',
    signing_secrets: [encrypt(KEYRING, `whsec_${randomBytes(24).toString('base64')}`, ENDPOINT)],
    created_at: 0,
    updated_at: 0,
  };
}

function definitionOf(id: string, body: string, now: number): RunDefinition {
  return {
    id,
    project_id: PROJECT,
    endpoint_id: ENDPOINT,
    source: { type: 'api', id: null },
    payload: { format: 'json', body },
    due: now,
    max_attempts: 6,
    created_at: now,
    expires_at: now + KEEP_MS,
  };
}
