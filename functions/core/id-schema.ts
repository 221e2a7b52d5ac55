import * as z from 'zod';
import { type IdPrefix, isId } from './ids.js';

/** An id in a body or query; whether there is such an object is for others to say. */
export function idSchema(prefix: IdPrefix) {
  return z.string().refine((value) => isId(prefix, value), `Not an id of the form ${prefix}_….`);
}
