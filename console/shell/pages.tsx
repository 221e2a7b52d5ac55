import type { ComponentType } from 'preact';
import { DeadLetterPage } from '../pages/dead-letters/dead-letter-page.js';
import { DeadLettersPage } from '../pages/dead-letters/dead-letters-page.js';
import { IntegratePage } from '../pages/integrate/integrate-page.js';
import { OverviewPage } from '../pages/overview/overview-page.js';
import { ProjectPage } from '../pages/projects/project-page.js';
import { ProjectsPage } from '../pages/projects/projects-page.js';
import { RunPage } from '../pages/runs/run-page.js';
import { RunsPage } from '../pages/runs/runs-page.js';
import { NewWebhookPage } from '../pages/webhooks/new-webhook-page.js';
import { WebhookPage } from '../pages/webhooks/webhook-page.js';
import { WebhooksPage } from '../pages/webhooks/webhooks-page.js';

/** What a page gets: the variables of its path. */
export interface PageProps {
  readonly params: Readonly<Record<string, string>>;
}

/** The pages that the navigation shows, from what is looked at most to what is set up once. */
export const navigation: readonly { readonly label: string; readonly path: string }[] = [
  { label: 'Overview', path: '/overview' },
  { label: 'Task runs', path: '/runs' },
  { label: 'Dead letters', path: '/dead-letters' },
  { label: 'Webhooks', path: '/webhooks' },
  { label: 'Integrate', path: '/integrate' },
  { label: 'Projects and keys', path: '/projects' },
];

/** Where the console opens. */
export const FIRST_PAGE = '/overview';

/** Every page by its path below the base. */
export const pages: Readonly<Record<string, ComponentType<PageProps>>> = {
  '/overview': OverviewPage,
  '/runs': RunsPage,
  '/dead-letters': DeadLettersPage,
  '/dead-letters/:id': DeadLetterPage,
  '/webhooks': WebhooksPage,
  '/webhooks/new': NewWebhookPage,
  '/webhooks/:id': WebhookPage,
  '/integrate': IntegratePage,
  '/projects': ProjectsPage,
  '/projects/:id': ProjectPage,
  '/runs/:id': RunPage,
};
