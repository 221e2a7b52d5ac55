import * as z from 'zod/mini';
import { cronSchema, timeZoneSchema } from '../../cron/cron-schema.js';
import { oneDestination, targetPatchSchema, targetSchema } from '../../destinations/destination-schema.js';
import type { CallRules } from '../../destinations/kind.js';
import { idSchema } from '../../fields/id-schema.js';
import { labelsSchema } from '../../fields/labels-schema.js';
import { moment, secondsSchema } from '../../fields/moment-schema.js';
import { nameSchema } from '../../fields/name-schema.js';
import { nullish } from '../../fields/nullish.js';
import { payloadSchema } from '../../fields/payload-schema.js';
import { isObject } from '../../primitives/json-text.js';
import type { Schedule } from './schedule.js';

const DEFAULT_GRACE_SECONDS = 60;
const MAX_GRACE_SECONDS = 30 * 24 * 60 * 60;
const MAX_JITTER_SECONDS = 60 * 60;

/** Defaults of omitted fields. */
export const SCHEDULE_DEFAULTS = {
  timezone: 'UTC',
  overlap_policy: 'skip',
  misfire_policy: 'fire_once',
  misfire_grace_seconds: DEFAULT_GRACE_SECONDS,
} as const;

/** The fields before and after the target, in the order of the API's document. Name and status are apart. */
const beforeTarget = {
  labels: labelsSchema,
  cron: cronSchema,
  timezone: timeZoneSchema,
  run_at: moment,
  endpoint_id: idSchema('ep'),
};
const afterTarget = {
  payload: payloadSchema,
  overlap_policy: z.enum(['skip', 'allow', 'cancel_previous']),
  misfire_policy: z.enum(['fire_once', 'skip']),
  misfire_grace_seconds: secondsSchema(MAX_GRACE_SECONDS),
  start_at: moment,
  end_at: moment,
  max_runs: z.int().check(z.gte(1)),
  jitter_seconds: secondsSchema(MAX_JITTER_SECONDS),
  retry_policy_id: idSchema('rp'),
};
const fields = { ...beforeTarget, ...afterTarget };
const status = z.enum(['active', 'paused']);

/** The fields of a schedule that its body gives. */
export const GIVEN_FIELDS = { ...fields, name: true, target: true };
/** Every field of a schedule that this release knows. */
export const SCHEDULE_FIELDS: Record<keyof Schedule, unknown> = {
  ...GIVEN_FIELDS,
  id: true,
  project_id: true,
  key: true,
  retry_policy: true,
  signing_key: true,
  signing_key_id: true,
  body_format: true,
  via: true,
  created_at: true,
  updated_at: true,
  version: true,
};

/** The body of `POST /v1/schedules`. */
export function scheduleSchema(rules: CallRules, own = { name: nameSchema, status: z._default(status, 'active') }) {
  return z
    .strictObject({
      ...own,
      labels: z.optional(fields.labels),
      cron: z.optional(fields.cron),
      timezone: z._default(fields.timezone, SCHEDULE_DEFAULTS.timezone),
      run_at: z.optional(fields.run_at),
      endpoint_id: z.optional(fields.endpoint_id),
      target: z.optional(targetSchema(rules)),
      payload: z.optional(fields.payload),
      overlap_policy: z._default(fields.overlap_policy, SCHEDULE_DEFAULTS.overlap_policy),
      misfire_policy: z._default(fields.misfire_policy, SCHEDULE_DEFAULTS.misfire_policy),
      misfire_grace_seconds: z._default(fields.misfire_grace_seconds, SCHEDULE_DEFAULTS.misfire_grace_seconds),
      start_at: z.optional(fields.start_at),
      end_at: z.optional(fields.end_at),
      max_runs: z.optional(fields.max_runs),
      jitter_seconds: z.optional(fields.jitter_seconds),
      retry_policy_id: z.optional(fields.retry_policy_id),
    })
    .check(z.refine(hasOneTime, { path: ['cron'], message: ONE_TIME, when: isObject }), oneDestination());
}

/** The body of a PUT: without them the name is the key, and the status of a schedule that is there stays. */
export function schedulePutSchema(rules: CallRules): z.ZodMiniType<SchedulePut> {
  const own = { name: z.optional(nameSchema), status: z.optional(status) };
  return scheduleSchema(rules, own as never) as z.ZodMiniType as z.ZodMiniType<SchedulePut>;
}

export type SchedulePut = Omit<ScheduleBody, 'name' | 'status'> & Partial<Pick<ScheduleBody, 'name' | 'status'>>;
export type ScheduleBody = z.infer<ReturnType<typeof scheduleSchema>>;

export const ONE_TIME = 'Give either cron or run_at.';

type Times = Partial<Record<'cron' | 'run_at', unknown>>;

export const hasOneTime = ({ cron, run_at }: Times) => (cron === undefined) !== (run_at === undefined);

/** A merge patch: null restores a field's default, or removes the field. Only named fields are checked. */
export function schedulePatchSchema(rules: CallRules) {
  return z.strictObject({
    name: z.optional(nameSchema),
    ...nullish(beforeTarget),
    target: z.nullish(targetPatchSchema(rules)),
    ...nullish(afterTarget),
    status: z.optional(status),
  });
}

export type SchedulePatch = z.infer<ReturnType<typeof schedulePatchSchema>>;

/** The body of `POST /v1/schedules/{id}/backfill`; `to` is now by default. */
export const backfillSchema = z
  .strictObject({ from: moment, to: z.optional(moment), dry_run: z._default(z.boolean(), false) })
  .check(
    z.refine(({ from, to }) => to === undefined || from <= to, { path: ['from'], message: 'Must not be after to.' }),
  );

export type BackfillBody = z.infer<typeof backfillSchema>;

/** Between these years the rules of time zones and the calendar are known, and all following dates can be written. */
const EARLIEST = Date.UTC(1900, 0);
const LATEST = Date.UTC(9000, 0);

/** The body of `POST /v1/schedules/preview`; `from` is now by default. */
export const previewSchema = z.strictObject({
  cron: cronSchema,
  timezone: z._default(timeZoneSchema, 'UTC'),
  from: z.optional(
    moment.check(z.refine((at) => at >= EARLIEST && at < LATEST, 'Must lie between the years 1900 and 9000.')),
  ),
  count: z._default(z.int().check(z.gte(1), z.lte(50)), 10),
});
