import * as z from 'zod';

/** What people call an object: 1 to 200 characters, no control characters, not blank. */
export const nameSchema = z
  .string()
  .regex(/^\P{Cc}{1,200}$/u, 'Must have 1 to 200 characters, without control characters.')
  .regex(/\S|^$/, 'Must not be blank.');
