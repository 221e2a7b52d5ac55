import type { components } from '../../api/schema.js';

type Endpoint = components['schemas']['Endpoint'];

/** The job notifications, by name, with their meaning. */
export const NOTIFICATIONS = [
  ['job.completed', 'A task run has succeeded'],
  ['job.failed', 'No attempt remains: the run is a dead letter'],
  ['job.timed_out', 'An attempt hit its timeout; it may be retried'],
  ['endpoint.disabled', 'An endpoint was disabled: by 410 Gone, or after five days of failure'],
] as const;

const WILDCARDS = ['job.*', 'endpoint.*'];

/** Whether an endpoint's filters name any job notification; a bare `*` does not. */
export function isWebhook({ event_filters }: Pick<Endpoint, 'event_filters'>): boolean {
  return event_filters.some(isNotification);
}

export function isNotification(filter: string): boolean {
  return WILDCARDS.includes(filter) || NOTIFICATIONS.some(([name]) => name === filter);
}

/** Whether the filters match a notification of that name. */
export function isTicked(filters: readonly string[], name: string): boolean {
  return filters.includes(name) || filters.includes(`${name.split('.')[0]}.*`);
}
