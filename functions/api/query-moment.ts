import * as z from 'zod';
import { moment } from '../core/moment-schema.js';

/** A time in a query, which gives it as text, Unix seconds too. */
export const queryMoment = z
  .string()
  .transform((text) => (/^\d{1,11}$/.test(text) ? Number(text) : text))
  .pipe(moment);
