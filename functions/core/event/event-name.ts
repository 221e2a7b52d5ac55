import * as z from 'zod';

/** Each segment of a name that one publishes costs a look for listeners. */
const MAX_SEGMENTS = 10;
const MAX_LENGTH = 128;
const SEGMENT = '[A-Za-z0-9_:-]+';
const NAME = new RegExp(`^${SEGMENT}(\\.${SEGMENT}){0,${MAX_SEGMENTS - 1}}$`);
const BRANCH = new RegExp(`^${SEGMENT}(\\.${SEGMENT}){0,${MAX_SEGMENTS - 2}}\\.\\*$`);
/** What we publish ourselves, about task runs and about endpoints. */
const OURS = /^(job|endpoint)\./;

/** The notifications that there are; `announce.ts` says when each is made. */
export const NOTIFICATIONS = ['job.completed', 'job.failed', 'job.timed_out', 'endpoint.disabled'] as const;
export type NotificationName = (typeof NOTIFICATIONS)[number];
const OUR_FILTERS: readonly string[] = [...NOTIFICATIONS, 'job.*', 'endpoint.*'];

const FORM = `Up to ${MAX_SEGMENTS} segments of letters, digits, "_", "-" and ":", joined by "."; at most ${MAX_LENGTH} characters in all.`;

const eventName = z.string().max(MAX_LENGTH, FORM).regex(NAME, FORM);

/** A name to publish under, such as `invoice.paid`. */
export const publishedName = eventName.refine(
  (name) => !OURS.test(name),
  'Names that begin with "job." or "endpoint." are reserved.',
);

/** A name to look for, ours included. */
export const soughtName = eventName;

/** `invoice.paid`, `invoice.*` (any depth below), or `*` for everything but our own notifications. */
export const eventFilter = z
  .string()
  .max(MAX_LENGTH, FORM)
  .refine((filter) => filter === '*' || NAME.test(filter) || BRANCH.test(filter), `${FORM} The last may be "*".`)
  .refine(
    (filter) => !OURS.test(filter) || OUR_FILTERS.includes(filter),
    `Of our own there are ${OUR_FILTERS.join(', ')}.`,
  );

/** Every filter that matches the name: `a.b.c`, `a.b.*`, `a.*` and `*`; the last not for our own notifications. */
export function filtersMatching(name: string): string[] {
  const segments = name.split('.');
  const branches = segments.slice(1).map((_, depth) => `${segments.slice(0, depth + 1).join('.')}.*`);
  return [name, ...branches.reverse(), ...(OURS.test(name) ? [] : ['*'])];
}
