import type { Page } from 'playwright-core';
import type { Seeded } from './seed.js';

/** A page of the console as the screenshots and the look for barriers open it. */
export interface ShownPage {
  readonly name: string;
  readonly path: string;
  /** Also on a screen of 360 pixels. */
  readonly narrow?: boolean;
  /** Until it shows what it is about. */
  readonly ready: (page: Page) => Promise<unknown>;
}

const sees = (text: string) => (page: Page) => page.getByText(text).first().waitFor();

export function shownPages({
  project,
  runs,
  schedule,
  endpoint,
  queue,
  event,
  policy,
  webhook,
}: Seeded): readonly ShownPage[] {
  const at = (path: string) => `/console${path}?project=${project}`;
  return [
    { name: 'overview', path: at('/overview'), narrow: true, ready: sees('p99') },
    { name: 'runs', path: at('/runs'), narrow: true, ready: (page) => page.getByRole('table').waitFor() },
    { name: 'run-dead', path: at(`/runs/${runs.dead}`), narrow: true, ready: sees('Became a dead letter') },
    { name: 'run-retrying', path: at(`/runs/${runs.retrying}`), ready: sees('Attempt 2 of') },
    { name: 'schedules', path: at('/schedules'), ready: sees('Nightly invoice run') },
    { name: 'schedule', path: at(`/schedules/${schedule}`), narrow: true, ready: sees('missed: no task run') },
    { name: 'calendar', path: at('/schedules/calendar'), narrow: true, ready: sees('Nightly invoice run') },
    { name: 'schedule-new', path: at('/schedules/new'), narrow: true, ready: typeCron },
    { name: 'endpoints', path: at('/endpoints'), narrow: true, ready: sees('Ledger export') },
    { name: 'endpoint', path: at(`/endpoints/${endpoint}`), ready: sees('Last task runs') },
    { name: 'endpoint-queue', path: at(`/endpoints/${queue}`), ready: sees('Last task runs') },
    { name: 'endpoint-edit', path: at(`/endpoints/${endpoint}/edit`), ready: sees('Save changes') },
    { name: 'events', path: at('/events'), ready: sees('invoice.paid') },
    { name: 'event', path: at(`/events/${event}`), ready: sees('All of them') },
    { name: 'event-new', path: at('/events/new'), ready: sees('Publish') },
    { name: 'retry-policies', path: at('/retry-policies'), narrow: true, ready: sees('Patient') },
    {
      name: 'dead-letters',
      path: at('/dead-letters'),
      narrow: true,
      ready: (page) => page.getByRole('table').waitFor(),
    },
    { name: 'dead-letter', path: at(`/dead-letters/${runs.dead.replace('run', 'dl')}`), ready: sees('SKU-1000') },
    { name: 'webhooks', path: at('/webhooks'), narrow: true, ready: sees('job.failed') },
    { name: 'webhook', path: at(`/webhooks/${webhook}`), ready: sees('Export CSV') },
    { name: 'webhook-new', path: at('/webhooks/new'), ready: sees('job.timed_out') },
    { name: 'integrate', path: at('/integrate'), ready: sees('Integrate Punctual') },
    { name: 'projects', path: at('/projects'), ready: sees('A project is a tenant') },
    { name: 'project', path: at(`/projects/${project}`), narrow: true, ready: sees('web server') },
    { name: 'people', path: at('/people'), narrow: true, ready: sees('operator key') },
    { name: 'audit', path: at('/audit'), narrow: true, ready: sees('/v1/endpoints') },
    { name: 'retry-policy', path: at(`/retry-policies/${policy}`), ready: sees('Save changes') },
  ];
}

/** A moment that the clocks skip in spring. */
async function typeCron(page: Page): Promise<void> {
  await page.getByLabel('Cron expression').fill('30 2 * 3 0');
  await page.getByLabel('Time zone').fill('Europe/Berlin');
  await page.getByText('The clocks change').first().waitFor();
}
