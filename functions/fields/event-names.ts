/** Names of our own notifications, about task runs and endpoints. */
const OURS = /^(job|endpoint)\./;

/** All notifications; `announce.ts` says when each is made. */
export const NOTIFICATIONS = ['job.completed', 'job.failed', 'job.timed_out', 'endpoint.disabled'] as const;
export type NotificationName = (typeof NOTIFICATIONS)[number];

/** Whether a name or a filter belongs to our own notifications. */
export const isOurs = (name: string): boolean => OURS.test(name);

/** Every filter that matches the name: `a.b.c`, `a.b.*`, `a.*` and `*`; not `*` for our own notifications. */
export function filtersMatching(name: string): string[] {
  const segments = name.split('.');
  const branches = segments.slice(1).map((_, depth) => `${segments.slice(0, depth + 1).join('.')}.*`);
  return [name, ...branches.reverse(), ...(isOurs(name) ? [] : ['*'])];
}
