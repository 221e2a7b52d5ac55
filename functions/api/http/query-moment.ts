import * as z from 'zod/mini';
import { moment } from '../../fields/moment-schema.js';

const SECONDS = /^-?\d{1,11}(?:\.\d+)?$/;
/** In a query a plus sign stands for a space. */
const LOST_PLUS = /([Tt ]\d\d\S*) (\d\d(?::?\d\d)?)$/;

/** A time in a query, which gives it as text, Unix seconds too. */
export const queryMoment = z.pipe(
  z.pipe(
    z.string(),
    z.transform((text: string) => (SECONDS.test(text) ? Number(text) : text.replace(LOST_PLUS, '$1+$2'))),
  ),
  moment,
);
