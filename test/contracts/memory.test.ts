import { MemoryBulk } from '../support/memory-bulk.js';
import { MemoryPlaces } from '../support/memory-places.js';
import { MemoryStats } from '../support/memory-stats.js';
import { MemoryWorld } from '../support/memory-world.js';
import { storeContracts } from './store-contracts.js';
import type { Stores } from './stores.js';

storeContracts(async () => {
  const world = new MemoryWorld();
  const bulk = new MemoryBulk(world);
  const stores: Stores = {
    ...world.ports,
    health: world.worker.health,
    places: new MemoryPlaces(),
    relays: world.relays.store,
    ...new MemoryStats(world).ports,
    bulkJobs: bulk.store,
    deadLetterLists: bulk.lists,
    time: world,
    addProject: async (project) => {
      world.project = project;
    },
    addEndpoint: async (endpoint) => void world.events.listeners.push(endpoint),
    addPolicy: async (project, id, policy) => void world.policies.set(`${project} ${id}`, policy),
    close: async () => {},
  };
  return stores;
});
