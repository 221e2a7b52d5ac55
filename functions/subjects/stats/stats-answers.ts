import * as z from 'zod';
import { idSchema } from '../../fields/id-schema.js';
import { shownTime } from '../../fields/shown-values.js';
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
