/** What we publish ourselves, about task runs and about endpoints. */
const OURS = /^(job|endpoint)\./;

/** The notifications that there are; `announce.ts` says when each is made. */
export const NOTIFICATIONS = ['job.completed', 'job.failed', 'job.timed_out', 'endpoint.disabled'] as const;
export type NotificationName = (typeof NOTIFICATIONS)[number];

/** Whether a name, or a filter, is of our own notifications. */
export const isOurs = (name: string): boolean => OURS.test(name);

/** Every filter that matches the name: `a.b.c`, `a.b.*`, `a.*` and `*`; the last not for our own notifications. */
export function filtersMatching(name: string): string[] {
  const segments = name.split('.');
  const branches = segments.slice(1).map((_, depth) => `${segments.slice(0, depth + 1).join('.')}.*`);
  return [name, ...branches.reverse(), ...(isOurs(name) ? [] : ['*'])];
}
