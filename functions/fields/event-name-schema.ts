import * as z from 'zod/mini';
import { isOurs, NOTIFICATIONS } from './event-names.js';

/** Each segment of a published name costs a read for listeners. */
const MAX_SEGMENTS = 10;
const MAX_LENGTH = 128;
const CHARACTERS = 'A-Za-z0-9_:\\-';
const SEGMENT = `[${CHARACTERS}]+`;
const NAME = new RegExp(`^${SEGMENT}(\\.${SEGMENT}){0,${MAX_SEGMENTS - 1}}$`);
const BRANCH = new RegExp(`^${SEGMENT}(\\.${SEGMENT}){0,${MAX_SEGMENTS - 2}}\\.\\*$`);
const OUR_FILTERS: readonly string[] = [...NOTIFICATIONS, 'job.*', 'endpoint.*'];

const FORM = `Must have up to ${MAX_SEGMENTS} segments of letters, digits, "_", "-" and ":", joined by "."; at most ${MAX_LENGTH} characters in all.`;

const eventName = z.string().check(z.maxLength(MAX_LENGTH, FORM), z.regex(NAME, FORM));

/** A name for publishing, such as `invoice.paid`. */
export const publishedName = eventName.check(
  z.refine((name) => !isOurs(name), 'Must not begin with "job." or "endpoint.": these names are reserved.'),
);

/** A name of another service, such as `Order Paid`: what no event's name may have becomes `_`. */
export function asEventName(name: string): string {
  return name.replace(new RegExp(`[^${CHARACTERS}.]`, 'g'), '_');
}

/** A name in a filter of a list, including the names of our own notifications. */
export const soughtName = eventName;

/** `invoice.paid`, `invoice.*` (any depth below), or `*` for everything but our own notifications. */
export const eventFilter = z.string().check(
  z.maxLength(MAX_LENGTH, FORM),
  z.refine((filter) => filter === '*' || NAME.test(filter) || BRANCH.test(filter), `${FORM} The last may be "*".`),
  z.refine(
    (filter) => !isOurs(filter) || OUR_FILTERS.includes(filter),
    `Must be one of ${OUR_FILTERS.join(', ')}, if it is for job notifications.`,
  ),
);

const MAX_FILTERS = 50;

/** An endpoint's `event_filters`. */
export const eventFilters = z.array(eventFilter).check(
  z.maxLength(MAX_FILTERS),
  z.superRefine((filters, context) => {
    filters.forEach((filter, index) => {
      if (filters.indexOf(filter) < index)
        context.addIssue({ code: 'custom', path: [index], message: 'Give each filter once.' });
    });
  }),
);

const MAX_KEY_LENGTH = 256;

/** The business's own key of an event. */
export const eventKeySchema = z
  .string()
  .check(z.minLength(1), z.maxLength(MAX_KEY_LENGTH), z.regex(/^\P{Cs}*$/u, 'Must be well-formed Unicode.'));
