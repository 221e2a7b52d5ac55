import * as z from 'zod/mini';
import { moment } from '../core/moment-schema.js';

/** How clients write a number: whole, with a fraction, or with an exponent. */
const NUMBER = /^-?\d+(\.\d+)?(e\+?\d+)?$/i;

/** A time in a query, which gives it as text, Unix seconds too. */
export const queryMoment = z.pipe(
  z.pipe(
    z.string(),
    z.transform((text: string) => (NUMBER.test(text) ? Number(text) : text)),
  ),
  moment,
);
