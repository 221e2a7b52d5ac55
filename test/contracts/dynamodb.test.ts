import { createBulkStore } from '../../functions/storage/bulk-store.js';
import { createConfigStore } from '../../functions/storage/config-store.js';
import { createDeadLetterLists } from '../../functions/storage/dead-letter-lists.js';
import { createDeadLetterStore } from '../../functions/storage/dead-letter-store.js';
import { createEndpointHealthStore } from '../../functions/storage/endpoint-health-store.js';
import { createEventStore } from '../../functions/storage/event-store.js';
import { createHeldRunStore } from '../../functions/storage/held-run-store.js';
import { createLimitStore } from '../../functions/storage/limit-store.js';
import { createListeners } from '../../functions/storage/listeners.js';
import { createPlaceStore } from '../../functions/storage/place-store.js';
import { createRelayStore } from '../../functions/storage/relay-store.js';
import { createRunLists } from '../../functions/storage/run-lists.js';
import { createRunStore } from '../../functions/storage/run-store.js';
import { createScheduleStore } from '../../functions/storage/schedule-store.js';
import { createStatsStore } from '../../functions/storage/stats-store.js';
import { DAY, NOW } from '../support/pipeline-world.js';
import { storeContracts } from './store-contracts.js';
import { startTables } from './tables.js';

storeContracts(async () => {
  const { client, config, runs, letters, close } = await startTables();
  const time = { now: NOW };
  const clock = { now: () => time.now, sleep: async () => {} };
  const configStore = createConfigStore(client, config, clock);
  return {
    runs: createRunStore(client, runs, clock),
    deadLetters: createDeadLetterStore(client, letters),
    config: configStore,
    schedules: createScheduleStore(client, config, clock),
    events: createEventStore(client, runs, clock),
    listeners: createListeners(client, config, clock),
    heldRuns: createHeldRunStore(client, runs),
    limits: createLimitStore(client, runs),
    health: createEndpointHealthStore(client, config),
    places: createPlaceStore(client, runs),
    relays: createRelayStore(client, runs),
    stats: createStatsStore(client, runs, 30 * DAY),
    runLists: createRunLists(client, runs, clock),
    bulkJobs: createBulkStore(client, runs, clock),
    deadLetterLists: createDeadLetterLists(client, letters, clock),
    time,
    addProject: async (project) => void (await configStore.createProject(project)),
    addEndpoint: async (endpoint) => void (await configStore.createEndpoint(endpoint)),
    addPolicy: async (project_id, id, policy) =>
      void (await configStore.createRetryPolicy({
        ...policy,
        id,
        project_id,
        name: 'patient',
        created_at: NOW,
        updated_at: NOW,
      })),
    close,
  };
});
