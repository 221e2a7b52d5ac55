import * as z from 'zod/mini';

/** What people call an object: 1 to 200 characters, no control characters, not blank. */
export const nameSchema = z
  .string()
  .check(
    z.regex(/^\P{Cc}{1,200}$/u, 'Must have 1 to 200 characters, without control characters.'),
    z.regex(/\S|^$/, 'Must not be blank.'),
  );
