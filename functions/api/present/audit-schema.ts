import * as z from 'zod';
import { idSchema } from '../../core/id-schema.js';
import { shownTime } from './shown-values.js';

const entry = { id: idSchema('aud'), at: shownTime, project_id: z.nullable(idSchema('proj')) };

const changeSchema = z.strictObject({
  ...entry,
  type: z.literal('change'),
  actor: z.union([
    z.strictObject({ type: z.literal('operator') }),
    z.strictObject({ type: z.literal('key'), id: idSchema('ak'), label: z.string() }),
  ]),
  source_ip: z.string(),
  user_agent: z.string(),
  request_id: z.string(),
  action: z.string(),
  path: z.string(),
  status: z.int().nullable(),
  before: z.unknown(),
  after: z.unknown(),
});

const deliverySchema = z.strictObject({
  ...entry,
  type: z.literal('delivery'),
  attempt_id: idSchema('att'),
  task_id: idSchema('run'),
  endpoint_id: z.nullable(idSchema('ep')),
  attempt: z.int(),
  outcome: z.string(),
  http_status: z.int().nullable(),
  error_code: z.string().nullable(),
  latency_ms: z.number(),
});

/** A line of the audit. */
export const auditEntrySchema = z.discriminatedUnion('type', [changeSchema, deliverySchema]);
