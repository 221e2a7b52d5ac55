import * as z from 'zod';
import { idSchema } from '../../fields/id-schema.js';
import { type Notes, shownTime } from '../../fields/shown-values.js';
import { OUTCOMES, type Outcome } from './hour-stats.js';

export const percentilesSchema = z.strictObject({
  p50: z.int().nullable(),
  p90: z.int().nullable(),
  p99: z.int().nullable(),
});

const counts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, z.int()])) as Record<Outcome, z.ZodInt>;

const counted = {
  ...counts,
  latency_ms: percentilesSchema,
  lateness_ms: percentilesSchema,
  failing: z.array(z.strictObject({ endpoint_id: idSchema('ep'), failures: z.int() })),
};

export const hourSchema = z.strictObject({
  start: shownTime,
  ...counted,
  complete: z.boolean(),
  sampled: z.boolean(),
});

export const statsSchema = z.strictObject({
  from: shownTime,
  to: shownTime,
  hours: z.array(hourSchema),
  totals: z.strictObject(counted),
});
export type ShownStats = z.infer<typeof statsSchema>;

/** What fields of statistics mean, for the API's page. */
export const notes: Notes = {
  'GET /v1/stats.from': 'By default 24 hours before the end.',
  'GET /v1/stats.to': 'Now by default.',
  complete: 'False while the hour may still change, or has not been counted yet.',
  failing: 'The endpoints with the most attempts that were no success.',
  p50: 'Milliseconds, to within five per cent; null of nothing.',
  sampled: 'A part stands for the whole: of a project with many shards, or of a busy hour that is not complete.',
};
