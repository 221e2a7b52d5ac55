import { createBatcher, gatheredReads, MESSAGES_APART_MS } from '../primitives/batcher.js';
import type { RunKey, RunPorts } from '../protocol/rules/ports.js';
import type { ConfigStore } from '../storage/config-store.js';
import type { DynamoRunStore } from '../storage/run-store.js';
import type { Endpoint, EndpointKey } from '../subjects/endpoints/endpoint.js';

/**
 * The same ports, where the messages of a batch share reads of definitions and configuration. One call reads all
 * endpoints of a batch and starts after each message has asked for its endpoint, so no message gets a value older than
 * its own question.
 * @param expected how many messages may ask at about this time
 */
export function sharingReads(
  ports: RunPorts & { readonly config: ConfigStore; readonly runs: DynamoRunStore },
  expected?: () => number,
): RunPorts {
  const { config, listeners, runs } = ports;
  const shared = gatheredReads(expected);
  const endpointAt = createBatcher(
    MESSAGES_APART_MS,
    async (keys: readonly EndpointKey[]) =>
      (await config.endpointsAt(keys)).map((value) => ({ status: 'fulfilled', value }) as const),
    expected,
  );
  const definition = createBatcher(MESSAGES_APART_MS, (keys: readonly RunKey[]) => runs.definitionsAt(keys), expected);
  return {
    ...ports,
    runs: { ...runs, definition },
    config: {
      project: config.project,
      endpoint: (project, endpoint): Promise<Endpoint | undefined> => endpointAt({ project, endpoint }),
      retryPolicy: (project, id) => shared(`${project} ${id}`, () => config.retryPolicy(project, id)),
    },
    listeners: {
      ...listeners,
      candidates: (...page) => shared(JSON.stringify(page), () => listeners.candidates(...page)),
    },
  };
}
