import type { Permission } from '../../api/may.js';
import { navigation } from '../pages.js';
import type { Found } from './found.js';

interface Offer extends Found {
  readonly needs?: Permission;
}

const MAKE: readonly Offer[] = [
  { kind: 'Page', text: 'Calendar of schedules', path: '/schedules/calendar' },
  { kind: 'Action', text: 'New schedule', path: '/schedules/new', needs: 'manage' },
  { kind: 'Action', text: 'New endpoint', path: '/endpoints/new', needs: 'manage' },
  { kind: 'Action', text: 'Publish an event', path: '/events/new', needs: 'publish' },
  { kind: 'Action', text: 'New webhook', path: '/webhooks/new', needs: 'manage' },
  { kind: 'Action', text: 'New retry policy', path: '/retry-policies/new', needs: 'manage' },
  { kind: 'Action', text: 'Show dead task runs', path: '/runs', query: { status: 'dead_letter' } },
  { kind: 'Action', text: 'Show task runs that wait for a retry', path: '/runs', query: { status: 'retry_scheduled' } },
  { kind: 'Action', text: 'Show running task runs', path: '/runs', query: { status: 'running' } },
];

/** The pages and actions that the session may use. */
export function offers(may: (needs: Permission) => boolean): readonly Found[] {
  const pages = navigation.map(({ label, path, needs }) => ({
    kind: 'Page',
    text: label,
    path,
    ...(needs && { needs }),
  }));
  return [...pages, ...MAKE].filter(({ needs }: Offer) => needs === undefined || may(needs));
}
