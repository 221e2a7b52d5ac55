import * as z from 'zod/mini';
import type { GuardSettings } from '../call/address-guard.js';
import { cronSchema, timeZoneSchema } from '../cron/cron-schema.js';
import { destinationSchema } from '../endpoint/destination-schema.js';
import { idSchema } from '../id-schema.js';
import { moment } from '../moment-schema.js';
import { isoTime } from '../moments.js';
import { nameSchema } from '../name-schema.js';
import { isObject, isPlainObject } from '../object-rule.js';
import { givenPayload, payloadSchema } from '../payload-schema.js';
import { secondsSchema } from '../seconds-schema.js';
import { knownFields } from '../unknown-fields.js';
import { SCHEDULE_FIELDS, type Schedule, type ScheduleStatus } from './schedule.js';

const DEFAULT_GRACE_SECONDS = 60;
const MAX_GRACE_SECONDS = 30 * 24 * 60 * 60;
const MAX_JITTER_SECONDS = 60 * 60;

/** The body of `POST /v1/schedules`, and what a schedule must still be after a change. */
export function scheduleSchema(settings: GuardSettings) {
  return z
    .strictObject({
      name: nameSchema,
      cron: z.optional(cronSchema),
      timezone: z._default(timeZoneSchema, 'UTC'),
      run_at: z.optional(moment),
      endpoint_id: z.optional(idSchema('ep')),
      target: z.optional(destinationSchema(settings)),
      payload: z.optional(payloadSchema),
      overlap_policy: z._default(z.enum(['skip', 'allow', 'cancel_previous']), 'skip'),
      misfire_policy: z._default(z.enum(['fire_once', 'skip']), 'fire_once'),
      misfire_grace_seconds: z._default(secondsSchema(MAX_GRACE_SECONDS), DEFAULT_GRACE_SECONDS),
      start_at: z.optional(moment),
      end_at: z.optional(moment),
      max_runs: z.optional(z.int().check(z.gte(1))),
      jitter_seconds: z.optional(secondsSchema(MAX_JITTER_SECONDS)),
      retry_policy_id: z.optional(idSchema('rp')),
      status: z._default(z.enum(['active', 'paused']), 'active'),
    })
    .check(
      z.refine(({ cron, run_at }) => (cron === undefined) !== (run_at === undefined), {
        path: ['cron'],
        message: 'Give either cron or run_at.',
        when: isObject,
      }),
      z.refine(({ endpoint_id, target }) => (endpoint_id === undefined) !== (target === undefined), {
        path: ['endpoint_id'],
        message: 'Give either endpoint_id or target.',
        when: isObject,
      }),
    );
}

export type ScheduleBody = z.infer<ReturnType<typeof scheduleSchema>>;

/** A merge patch; the schedule that it makes is checked like a new one. */
export const schedulePatchSchema = z.record(z.string(), z.unknown());

/** A schedule as it would be given, for a merge patch to be applied to. A completed one counts as active. */
export function givenSchedule(schedule: Schedule, status: ScheduleStatus): Record<string, unknown> {
  const {
    id: _id,
    project_id: _project,
    created_at: _made,
    updated_at: _changed,
    version: _version,
    ...own
  } = knownFields(schedule, SCHEDULE_FIELDS);
  const { payload, retry_policy: _policy, signing_key: _key, ...plain } = own;
  const time = (at: number | undefined) => (at === undefined ? undefined : isoTime(at));
  return {
    ...plain,
    run_at: time(schedule.run_at),
    start_at: time(schedule.start_at),
    end_at: time(schedule.end_at),
    payload: payload && givenPayload(payload),
    status: status === 'paused' ? 'paused' : 'active',
  };
}

/**
 * A merge patch of the fields alone, and of those that a target has: null takes one away, and any other value, be it a
 * payload or headers, replaces the one before, whole.
 */
export function mergePatch(given: Record<string, unknown>, patch: Record<string, unknown>): Record<string, unknown> {
  const { target } = patch;
  const merged = isPlainObject(target) ? { target: mergePatch(fieldsOf(given['target']), target) } : {};
  const fields = Object.entries({ ...given, ...patch, ...merged });
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined && value !== null));
}

const fieldsOf = (value: unknown): Record<string, unknown> => (isPlainObject(value) ? value : {});
