import * as z from 'zod/mini';
import { idSchema } from '../../fields/id-schema.js';
import { isObject } from '../../primitives/json-text.js';

const MOST_ENDPOINTS = 20;

export const newListenerSchema = z.strictObject({
  endpoint_ids: z.array(idSchema('ep')).check(z.minLength(1), z.maxLength(MOST_ENDPOINTS)),
});

const hasOne = ({ status, error }: { readonly status?: number | undefined; readonly error?: string | undefined }) =>
  (status === undefined) !== (error === undefined);
const one = { path: ['status'], message: 'Give either status or error.', when: isObject };

/** What came of a call on the listener's machine. */
export const relayedAnswerSchema = z
  .strictObject({
    status: z.optional(z.int().check(z.gte(100), z.lte(999))),
    headers: z.optional(z.record(z.string(), z.string())),
    body: z.optional(z.string()),
    error: z.optional(z.string().check(z.regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'Must be a code such as ECONNREFUSED.'))),
  })
  .check(z.refine(hasOne, one));
