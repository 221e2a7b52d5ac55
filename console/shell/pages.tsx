import type { ComponentType } from 'preact';
import { EditEndpointPage } from '../pages/endpoints/edit-endpoint-page.js';
import { EndpointPage } from '../pages/endpoints/endpoint-page.js';
import { EndpointsPage } from '../pages/endpoints/endpoints-page.js';
import { NewEndpointPage } from '../pages/endpoints/new-endpoint-page.js';
import { EventPage } from '../pages/events/event-page.js';
import { EventsPage } from '../pages/events/events-page.js';
import { NewEventPage } from '../pages/events/new-event-page.js';
import { NewRetryPolicyPage } from '../pages/retry-policies/new-retry-policy-page.js';
import { RetryPoliciesPage } from '../pages/retry-policies/retry-policies-page.js';
import { RetryPolicyPage } from '../pages/retry-policies/retry-policy-page.js';
import { RunPage } from '../pages/runs/run-page.js';
import { RunsPage } from '../pages/runs/runs-page.js';
import { EditSchedulePage } from '../pages/schedules/edit-schedule-page.js';
import { NewSchedulePage } from '../pages/schedules/new-schedule-page.js';
import { SchedulePage } from '../pages/schedules/schedule-page.js';
import { SchedulesPage } from '../pages/schedules/schedules-page.js';
import type { PageProps } from './page-props.js';

/** The pages that the navigation shows, from what is looked at most to what is set up once. */
export const navigation: readonly { readonly label: string; readonly path: string }[] = [
  { label: 'Task runs', path: '/runs' },
  { label: 'Schedules', path: '/schedules' },
  { label: 'Events', path: '/events' },
  { label: 'Endpoints', path: '/endpoints' },
  { label: 'Retry policies', path: '/retry-policies' },
];

/** Where the console opens. */
export const FIRST_PAGE = '/runs';

/** Every page by its path below the base; the first one that fits is shown. */
export const pages: Readonly<Record<string, ComponentType<PageProps>>> = {
  '/runs': RunsPage,
  '/runs/:id': RunPage,
  '/schedules': SchedulesPage,
  '/schedules/new': NewSchedulePage,
  '/schedules/:id': SchedulePage,
  '/schedules/:id/edit': EditSchedulePage,
  '/events': EventsPage,
  '/events/new': NewEventPage,
  '/events/:id': EventPage,
  '/endpoints': EndpointsPage,
  '/endpoints/new': NewEndpointPage,
  '/endpoints/:id': EndpointPage,
  '/endpoints/:id/edit': EditEndpointPage,
  '/retry-policies': RetryPoliciesPage,
  '/retry-policies/new': NewRetryPolicyPage,
  '/retry-policies/:id': RetryPolicyPage,
};
