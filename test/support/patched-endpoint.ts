import { changeEndpoint } from '../../functions/protocol/limits/change-endpoint.js';
import { keyOfEndpoint } from '../../functions/subjects/endpoints/endpoint.js';
import { type EndpointPatch, patchedEndpoint } from '../../functions/subjects/endpoints/endpoint-schema.js';
import type { MemoryWorld } from './memory-world.js';

/** What PATCH does to the endpoint of a world in memory; its write, too, is a moment to die. */
export async function patchEndpoint(world: MemoryWorld, patch: EndpointPatch): Promise<void> {
  const configStore = {
    changeEndpoint: async (
      ...[, , change]: Parameters<Parameters<typeof changeEndpoint>[0]['configStore']['changeEndpoint']>
    ) => {
      world.at('before changeEndpoint');
      world.endpoint = change(world.endpoint);
      world.at('after changeEndpoint');
      return world.endpoint;
    },
    deleteEndpoint: async () => false,
  };
  const change = (current: typeof world.endpoint) => patchedEndpoint(current, patch, world.now);
  await changeEndpoint({ ...world.ports, configStore }, keyOfEndpoint(world.endpoint), change);
}
