import * as z from 'zod/mini';
import { moment } from '../../fields/moment-schema.js';

const SECONDS = /^-?\d{1,11}(?:\.\d+)?$/;
/** A query decodes a plus sign as a space, which breaks the offset of an ISO 8601 time. */
const LOST_PLUS = /([Tt ]\d\d\S*) (\d\d(?::?\d\d)?)$/;

/** A time in a query. All query values are text, Unix seconds too. */
export const queryMoment = z.pipe(
  z.pipe(
    z.string(),
    z.transform((text: string) => (SECONDS.test(text) ? Number(text) : text.replace(LOST_PLUS, '$1+$2'))),
  ),
  moment,
);
