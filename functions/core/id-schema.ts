import * as z from 'zod/mini';
import { type IdPrefix, UUID_V7_HEX } from './ids.js';

/** An id in a body or query; whether there is such an object is for others to say. */
export function idSchema(prefix: IdPrefix) {
  return z.string().check(z.regex(new RegExp(`^${prefix}_${UUID_V7_HEX}$`), `Must be an id of the form ${prefix}_….`));
}
