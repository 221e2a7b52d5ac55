import type { ComponentType } from 'preact';
import { DeadLetterPage } from '../pages/dead-letters/dead-letter-page.js';
import { DeadLettersPage } from '../pages/dead-letters/dead-letters-page.js';
import { EditEndpointPage } from '../pages/endpoints/edit-endpoint-page.js';
import { EndpointPage } from '../pages/endpoints/endpoint-page.js';
import { EndpointsPage } from '../pages/endpoints/endpoints-page.js';
import { NewEndpointPage } from '../pages/endpoints/new-endpoint-page.js';
import { EventPage } from '../pages/events/event-page.js';
import { EventsPage } from '../pages/events/events-page.js';
import { NewEventPage } from '../pages/events/new-event-page.js';
import { IntegratePage } from '../pages/integrate/integrate-page.js';
import { OverviewPage } from '../pages/overview/overview-page.js';
import { ProjectPage } from '../pages/projects/project-page.js';
import { ProjectsPage } from '../pages/projects/projects-page.js';
import { NewRetryPolicyPage } from '../pages/retry-policies/new-retry-policy-page.js';
import { RetryPoliciesPage } from '../pages/retry-policies/retry-policies-page.js';
import { RetryPolicyPage } from '../pages/retry-policies/retry-policy-page.js';
import { RunPage } from '../pages/runs/run-page.js';
import { RunsPage } from '../pages/runs/runs-page.js';
import { EditSchedulePage } from '../pages/schedules/edit-schedule-page.js';
import { NewSchedulePage } from '../pages/schedules/new-schedule-page.js';
import { SchedulePage } from '../pages/schedules/schedule-page.js';
import { SchedulesPage } from '../pages/schedules/schedules-page.js';
import { NewWebhookPage } from '../pages/webhooks/new-webhook-page.js';
import { WebhookPage } from '../pages/webhooks/webhook-page.js';
import { WebhooksPage } from '../pages/webhooks/webhooks-page.js';
import type { PageProps } from './page-props.js';

/** The pages of the navigation, from the most visited pages to those of the setup. */
export const navigation: readonly { readonly label: string; readonly path: string }[] = [
  { label: 'Overview', path: '/overview' },
  { label: 'Task runs', path: '/runs' },
  { label: 'Dead letters', path: '/dead-letters' },
  { label: 'Schedules', path: '/schedules' },
  { label: 'Events', path: '/events' },
  { label: 'Endpoints', path: '/endpoints' },
  { label: 'Retry policies', path: '/retry-policies' },
  { label: 'Webhooks', path: '/webhooks' },
  { label: 'Integrate', path: '/integrate' },
  { label: 'Projects and keys', path: '/projects' },
];

/** The page on which the console opens. */
export const FIRST_PAGE = '/overview';

/** Every page by its path below the base; the first path that matches is shown. */
export const pages: Readonly<Record<string, ComponentType<PageProps>>> = {
  '/overview': OverviewPage,
  '/runs': RunsPage,
  '/runs/:id': RunPage,
  '/dead-letters': DeadLettersPage,
  '/dead-letters/:id': DeadLetterPage,
  '/webhooks': WebhooksPage,
  '/webhooks/new': NewWebhookPage,
  '/webhooks/:id': WebhookPage,
  '/integrate': IntegratePage,
  '/projects': ProjectsPage,
  '/projects/:id': ProjectPage,
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
