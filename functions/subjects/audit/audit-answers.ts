import * as z from 'zod';
import { idSchema } from '../../fields/id-schema.js';
import { type Notes, shownTime } from '../../fields/shown-values.js';

/** `project_id` is null for a person's change that belongs to no single project. */
const entry = { id: idSchema('aud'), at: shownTime, project_id: z.nullable(idSchema('proj')) };

export const personSchema = z.strictObject({ type: z.literal('person'), name: z.string(), session: z.string() });
export const keySchema = z.strictObject({ type: z.literal('key'), id: idSchema('ak'), label: z.string() });
export const accountSchema = z.strictObject({ type: z.literal('account'), name: z.string() });
/** Whose sign-ins failed so often that the address is refused. */
export const unknownSchema = z.strictObject({ type: z.literal('unknown') });
export const actorSchema = z.discriminatedUnion('type', [personSchema, keySchema, accountSchema, unknownSchema]);

const origin = {
  actor: actorSchema,
  /** The caller's address; through the console's distribution, the viewer's. */
  source_ip: z.string(),
  user_agent: z.string(),
  request_id: z.string(),
  /** Method and path of the API's row, such as `PATCH /v1/endpoints/{id}`. */
  action: z.string(),
  path: z.string(),
};

/** A change: its origin, and its object as the API shows it, without secrets; null without an object. */
export const changeSchema = z.strictObject({
  ...entry,
  ...origin,
  type: z.literal('change'),
  /** The API's answer; null if its process died or failed on the way: then the change may have been made. */
  status: z.int().nullable(),
  before: z.unknown(),
  after: z.unknown(),
});

/** Refused requests of one caller to one row of the API, with one status; the origin is that of the last of them. */
export const refusalSchema = z.strictObject({
  ...entry,
  ...origin,
  type: z.literal('refusal'),
  status: z.int(),
  count: z.int().min(1),
});

/** One per recorded attempt, and one more if a worker died before the end of the effects. */
export const deliverySchema = z.strictObject({
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
export const auditEntrySchema = z.discriminatedUnion('type', [changeSchema, refusalSchema, deliverySchema]);

/** What fields of the audit mean, for the API's page. */
export const notes: Notes = {
  actor: 'Who sent the request. `account` is a caller in the AWS account, named as AWS names it, that has no key.',
  source_ip: 'The address that called the API; through the console, the address of the browser.',
  'AuditRefusal.count': 'This refusal, and those of the same caller, row and status since the entry before.',
  before: 'The object as the API showed it, without secrets.',
  after: 'The object as the API showed it, without secrets.',
  'GET /v1/audit.from': 'From the first entry on by default.',
};
