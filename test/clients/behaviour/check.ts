import { isDeepStrictEqual } from 'node:util';
import { CALLS, type CallCase, VERIFICATIONS } from './cases.js';
import type { ScriptedApi, SentRequest } from './scripted-api.js';

/** What a program in the client's language reads: the address of each case, and what to verify. */
export const table = (api: string, client: string) => ({
  calls: CALLS.map(({ call, options = {} }, number) => ({ url: `${api}/${client}/${number}`, call, options })),
  verifications: VERIFICATIONS.map(({ name: _, outcome: __, ...given }) => given),
});

/** What such a program prints. */
export interface Outcomes {
  readonly calls: readonly object[];
  readonly verifications: readonly object[];
}

/** What a client did otherwise than the table says, a line for each case. */
export function differences(outcomes: Outcomes, server: ScriptedApi, client: string): string[] {
  const calls = CALLS.flatMap((one, number) =>
    callDifferences(one, outcomes.calls[number], server.sentTo(client, number)).map((line) => `${one.name}: ${line}`),
  );
  const verifications = VERIFICATIONS.flatMap(({ name, outcome }, number) =>
    unlike('its outcome', outcome, outcomes.verifications[number]).map((line) => `verify, ${name}: ${line}`),
  );
  return [...calls, ...verifications];
}

function callDifferences(
  { outcome, sent, options, waitsMs = 0 }: CallCase,
  found: unknown,
  requests: readonly SentRequest[],
) {
  const isUnreachable = isDeepStrictEqual(outcome, { error: { type: 'UnreachableError' } });
  const { error } = (found ?? {}) as { error?: { type: string } };
  const keys = new Set(requests.filter(({ method }) => method !== 'GET').map(({ idempotencyKey }) => idempotencyKey));
  const writes = sent.some(([method]) => method !== 'GET');
  const took = requests.length > 0 ? requests.at(-1)!.at - requests[0]!.at : 0;
  return [
    ...unlike('its outcome', outcome, isUnreachable ? { error: { type: error?.type } } : found),
    ...unlike(
      'its requests',
      sent.map(([method, path, body]) => [method, path, body]),
      requests.map(({ method, path, body }) => [method, path, body]),
    ),
    ...unlike('its API keys', ['sk_1'], [...new Set(requests.map(({ apiKey }) => apiKey))]),
    ...unlike('its Idempotency-Keys', writes ? 1 : 0, keys.size),
    ...(writes && [...keys].some((key) => typeof key !== 'string' || key.length < 8)
      ? [`a weak key ${[...keys]}`]
      : []),
    ...(options?.idempotency_key === undefined ? [] : unlike('its own key', [options.idempotency_key], [...keys])),
    ...(took < waitsMs || took > waitsMs * 4 + 5_000 ? [`it took ${took.toFixed(0)} ms, not ${waitsMs}`] : []),
  ];
}

function unlike(what: string, expected: unknown, found: unknown): string[] {
  if (isDeepStrictEqual(found, expected)) return [];
  return [`${what} ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`];
}
