import { dialects } from '../dialects/registry.js';
import type { Route } from '../http/route.js';
import { routes as alarms } from './alarms.js';
import { routes as audit } from './audit.js';
import { routes as bulkJobs } from './bulk-jobs.js';
import { routes as byName } from './by-name.js';
import { routes as deadLetters } from './dead-letters.js';
import { routes as deliveries } from './deliveries.js';
import { routes as documentation } from './documentation.js';
import { routes as endpointOperations } from './endpoint-operations.js';
import { routes as endpoints } from './endpoints.js';
import { routes as events } from './events.js';
import { routes as exportRoutes } from './export.js';
import { routes as feed } from './feed.js';
import { routes as keys } from './keys.js';
import { routes as links } from './links.js';
import { routes as listeners } from './listeners.js';
import { routes as projects } from './projects.js';
import { routes as retryJobs } from './retry-jobs.js';
import { routes as retryPolicies } from './retry-policies.js';
import { routes as schedulePreview } from './schedule-preview.js';
import { routes as schedules } from './schedules.js';
import { routes as search } from './search.js';
import { routes as sessions } from './sessions.js';
import { routes as signIn } from './sign-in.js';
import { routes as stats } from './stats.js';
import { routes as tasks } from './tasks.js';
import { routes as usage } from './usage.js';

/** The whole API, row by row. */
export const routes: readonly Route[] = [
  ...documentation,
  ...sessions,
  ...links,
  ...signIn,
  ...projects,
  ...keys,
  ...exportRoutes,
  ...byName, // before …/{id}/runs, which is as long as …/by-name/{name}
  ...endpoints,
  ...endpointOperations,
  ...listeners,
  ...retryPolicies,
  ...tasks,
  ...events,
  ...deliveries,
  ...feed,
  ...schedulePreview,
  ...schedules,
  ...retryJobs,
  ...deadLetters,
  ...bulkJobs,
  ...search,
  ...stats,
  ...usage,
  ...audit,
  ...alarms,
  ...dialects.flatMap(({ routes }) => routes),
];
