import * as z from 'zod';
import { idSchema } from '../../fields/id-schema.js';
import { type Notes, shownTime } from '../../fields/shown-values.js';
import { EXPORT_TYPES } from './export-types.js';
import { SCOPES } from './permissions.js';
import { QUOTAS, type QuotaName } from './quotas.js';

const byQuota = <Schema extends z.ZodType>(schema: Schema) =>
  z.strictObject(Object.fromEntries(QUOTAS.map((name) => [name, schema])) as Record<QuotaName, Schema>);

export const ownQuotasSchema = byQuota(z.int().nullable());
export const quotaUsageSchema = z.strictObject({ limit: z.int(), used: z.int(), resets_at: shownTime.nullable() });
export const usageSchema = z.strictObject({ project_id: idSchema('proj'), quotas: byQuota(quotaUsageSchema) });
export type ShownUsage = z.infer<typeof usageSchema>;

export const deletionSchema = z.strictObject({
  requested_at: shownTime,
  rows_removed: z.int(),
  finished_at: shownTime.nullable(),
});

export const projectSchema = z.strictObject({
  id: idSchema('proj'),
  name: z.string(),
  environment: z.enum(['production', 'staging']),
  shards: z.int(),
  quotas: ownQuotasSchema,
  payload_days: z.int().nullable(),
  allowed_targets: z.array(z.string()).nullable(),
  created_at: shownTime,
  updated_at: shownTime,
  deletion: deletionSchema.nullable(),
});
export type ShownProject = z.infer<typeof projectSchema>;

export const projectWithSecretSchema = projectSchema.extend({ signing_secret: z.string() });

export const apiKeySchema = z.strictObject({
  id: idSchema('ak'),
  project_id: idSchema('proj'),
  label: z.string(),
  last_four: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  created_at: shownTime,
  expires_at: shownTime.nullable(),
  last_used_at: shownTime.nullable(),
  last_used_from: z.string().nullable(),
});
export type ShownApiKey = z.infer<typeof apiKeySchema>;

export const apiKeyWithSecretsSchema = apiKeySchema.extend({ key: z.string(), signing_secret: z.string() });

export const revokedApiKeySchema = z.strictObject({
  id: idSchema('ak'),
  project_id: idSchema('proj'),
  signing_schedules: z.array(idSchema('sch')).min(1).max(1_000),
});
export type RevokedApiKey = z.infer<typeof revokedApiKeySchema>;

export const exportLineSchema = z.strictObject({
  type: z.enum(EXPORT_TYPES),
  data: z.record(z.string(), z.unknown()),
});

/** What fields of projects mean, for the API's page. */
export const notes: Notes = {
  'Project.quotas': "What differs from the stage's quotas; null is the stage's. GET /v1/usage shows what holds.",
  'ProjectPatch.quotas': "Null gives a quota, or all of them, the stage's value back.",
  payload_days:
    'Days after the end of a task run at which its payload, headers and answers end. Null: with the run itself.',
  allowed_targets:
    'Patterns of the ARNs that the project may reach, of those that the installation may. Null: all of them.',
  requests_per_minute: 'Requests with keys of the project.',
  runs_per_day: 'Task runs, events with their first run, and replays, from midnight to midnight UTC.',
  waiting_runs: 'Task runs that have not ended.',
  bulk_jobs: 'Bulk replays, resolutions and cancellations at the same time.',
  endpoint_tests: 'Tests of endpoints at the same time.',
  resets_at: 'When the window of the quota ends; null where there is none.',
  used: 'Of a window, up to ten minutes or a tenth of the quota behind. Of waiting runs, what has ended for up to a minute is in it.',
  key: 'The API key, shown this once.',
  last_four: 'The last four characters of the key.',
  scopes: 'What the key is allowed: read, publish, manage, audit. All four unless given.',
  expires_at: 'The key is refused from this moment on. Never unless given.',
  last_used_at: 'At most a minute behind.',
  deletion: 'Null unless the project was deleted.',
  rows_removed: 'Rows of the tables, about: a task run has two or more.',
  last_used_from: 'The address of the request of last_used_at.',
  signing_schedules: 'The newest schedules whose calls this key signs, until they are given another one.',
};
