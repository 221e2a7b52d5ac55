import { routes as cronService } from './dialects/cron-service/routes.js';
import { routes as dispatch } from './dialects/dispatch/routes.js';
import type { Route } from './route.js';
import { routes as audit } from './routes/audit.js';
import { routes as deadLetters } from './routes/dead-letters.js';
import { routes as deliveries } from './routes/deliveries.js';
import { routes as documentation } from './routes/documentation.js';
import { routes as endpointOperations } from './routes/endpoint-operations.js';
import { routes as endpoints } from './routes/endpoints.js';
import { routes as events } from './routes/events.js';
import { routes as health } from './routes/health.js';
import { routes as keys } from './routes/keys.js';
import { routes as llms } from './routes/llms.js';
import { routes as projects } from './routes/projects.js';
import { routes as retryJobs } from './routes/retry-jobs.js';
import { routes as retryPolicies } from './routes/retry-policies.js';
import { routes as schedulePreview } from './routes/schedule-preview.js';
import { routes as schedules } from './routes/schedules.js';
import { routes as sessions } from './routes/sessions.js';
import { routes as stats } from './routes/stats.js';
import { routes as tasks } from './routes/tasks.js';

/** The whole API, row by row. */
export const routes: readonly Route[] = [
  ...health,
  ...llms,
  ...documentation,
  ...sessions,
  ...projects,
  ...keys,
  ...endpoints,
  ...endpointOperations,
  ...retryPolicies,
  ...tasks,
  ...events,
  ...deliveries,
  ...schedulePreview,
  ...schedules,
  ...retryJobs,
  ...deadLetters,
  ...stats,
  ...audit,
  ...cronService,
  ...dispatch,
];
