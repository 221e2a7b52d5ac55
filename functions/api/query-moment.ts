import * as z from 'zod/mini';
import { moment } from '../core/moment-schema.js';

/** A time in a query, which gives it as text, Unix seconds too. */
export const queryMoment = z.pipe(
  z.pipe(
    z.string(),
    z.transform((text: string) => (/^\d{1,11}$/.test(text) ? Number(text) : text)),
  ),
  moment,
);
