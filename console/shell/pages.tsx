import type { ComponentType } from 'preact';
import { May, type Permission } from '../api/may.js';
import { EmptyState } from '../components/empty-state.js';
import { lazy } from '../components/lazy.js';
import { AuditPage } from '../pages/audit/audit-page.js';
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
import { PeoplePage } from '../pages/people/people-page.js';
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
export const navigation: readonly { readonly label: string; readonly path: string; readonly needs?: Permission }[] = [
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
  { label: 'People', path: '/people' },
  { label: 'Audit', path: '/audit', needs: 'audit' },
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
  '/webhooks/new': needing('manage', NewWebhookPage),
  '/webhooks/:id': WebhookPage,
  '/integrate': IntegratePage,
  '/people': PeoplePage,
  '/audit': needing('audit', AuditPage),
  '/projects': ProjectsPage,
  '/projects/:id': ProjectPage,
  '/schedules': SchedulesPage,
  '/schedules/calendar': lazy(() => import('../pages/schedules/calendar-page.js').then((page) => page.CalendarPage)),
  '/schedules/new': needing('manage', NewSchedulePage),
  '/schedules/:id': SchedulePage,
  '/schedules/:id/edit': needing('manage', EditSchedulePage),
  '/events': EventsPage,
  '/events/new': needing('publish', NewEventPage),
  '/events/:id': EventPage,
  '/endpoints': EndpointsPage,
  '/endpoints/new': needing('manage', NewEndpointPage),
  '/endpoints/:id': EndpointPage,
  '/endpoints/:id/edit': needing('manage', EditEndpointPage),
  '/retry-policies': RetryPoliciesPage,
  '/retry-policies/new': needing('manage', NewRetryPolicyPage),
  '/retry-policies/:id': RetryPolicyPage,
};

/** The page, for a session that may do in the chosen project what the page is for. */
function needing(needs: Permission, Page: ComponentType<PageProps>): ComponentType<PageProps> {
  return (props) => (
    <May
      needs={needs}
      otherwise={
        <EmptyState title="Not for your role">This page needs the permission “{needs}” in the project.</EmptyState>
      }
    >
      <Page {...props} />
    </May>
  );
}
