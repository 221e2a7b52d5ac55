import * as z from 'zod';
import { idSchema } from '../../fields/id-schema.js';
import { type Notes, shownTime } from '../../fields/shown-values.js';
import { RETRY_STRATEGIES } from './retry-policy.js';

const settings = {
  strategy: z.enum(RETRY_STRATEGIES),
  base_delay_seconds: z.number(),
  max_delay_seconds: z.number(),
  delays_seconds: z.array(z.number()),
  max_attempts: z.int(),
  jitter: z.enum(['none', 'full']),
  honor_retry_after: z.boolean(),
};

export const retryPolicySchema = z.strictObject({
  id: idSchema('rp'),
  project_id: idSchema('proj'),
  name: z.string(),
  key: z.optional(z.string()),
  ...settings,
  retry_on_statuses: z.array(z.string()).nullable(),
  created_at: shownTime,
  updated_at: shownTime,
});
export type ShownRetryPolicy = z.infer<typeof retryPolicySchema>;

/** A retry policy by value, in an answer about a schedule of a dialect. */
export const inlineRetryPolicySchema = z.strictObject({
  ...settings,
  retry_on_statuses: z.array(z.string()).optional(),
});

/** What fields of retry policies mean, for the API's page. */
export const notes: Notes = {
  'PutRetryPolicy.name': 'The key, unless given.',
  base_delay_seconds: 'The first delay, of the strategies but custom.',
  delays_seconds: 'The delays of the custom strategy, one by one; the last one repeats.',
  honor_retry_after: "Whether a receiver's Retry-After may put the next attempt off.",
  jitter: 'full draws each delay evenly from 0 to what the strategy says.',
  max_attempts: 'The first one included.',
  max_delay_seconds: 'No delay is longer.',
  retry_on_statuses: 'Such as 429 or 5xx; null for every status but 2xx.',
};
