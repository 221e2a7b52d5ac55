import * as z from 'zod/mini';
import { eventKeySchema } from '../../fields/event-name-schema.js';
import { idSchema } from '../../fields/id-schema.js';
import { labelsSchema } from '../../fields/labels-schema.js';
import { moment } from '../../fields/moment-schema.js';
import { isObject } from '../../primitives/json-text.js';
import { deadReasonSchema, endpointFilter, eventFilter, scheduleFilter } from '../task-runs/task-run-schema.js';

interface Stretch {
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

const isForward = ({ since, until }: Stretch) => since === undefined || until === undefined || since <= until;
const backward = { path: ['since'], message: 'Must not be after until.', when: isObject };

const stretch = { since: z.optional(moment), until: z.optional(moment) };
const fits = { ...stretch, reason: z.optional(deadReasonSchema) };
const ofLetters = { ...endpointFilter, ...fits };

const MOST_IDS = 100;
const named = (prefix: 'dl' | 'run') => ({
  ids: z.optional(z.array(idSchema(prefix)).check(z.minLength(1), z.maxLength(MOST_IDS))),
  dry_run: z._default(z.boolean(), false),
});

interface Wanted {
  readonly ids?: readonly string[] | undefined;
  readonly dry_run?: boolean | undefined;
  readonly note?: string | undefined;
}

const fieldsOf = ({ ids: _ids, dry_run: _dry, note: _note, ...filter }: Wanted) => Object.keys(filter).length;
const isOneKind = (wanted: Wanted) => wanted.ids === undefined || fieldsOf(wanted) === 0;
const mixed = { path: ['ids'], message: 'Give either ids or a filter.', when: isObject };
const isBounded = (wanted: Wanted) => wanted.ids !== undefined || fieldsOf(wanted) > 0;
const boundless = { path: ['ids'], message: 'Give ids, or a filter of one field at least.', when: isObject };

/** Which dead letters to replay: those that fit every given field. `until` is the request's time at the latest. */
export const bulkReplaySchema = z
  .strictObject({ ...ofLetters, ...named('dl') })
  .check(z.refine(isForward, backward), z.refine(isOneKind, mixed));

/** The same in all projects. */
export const replayAllSchema = z.strictObject(fits).check(z.refine(isForward, backward));

/** The time span of the deaths to replay for an endpoint; it ends at the request's time at the latest. */
export const recoverSchema = z
  .strictObject({ since: moment, until: z.optional(moment) })
  .check(z.refine(isForward, backward));

const MAX_NOTE_LENGTH = 2_000;
const note = z.string().check(z.minLength(1), z.maxLength(MAX_NOTE_LENGTH));

/** Why a dead letter needs no replay. */
export const resolveSchema = z.strictObject({ note });

/** Which dead letters to resolve, and why. */
export const bulkResolveSchema = z
  .strictObject({ note, ...ofLetters, ...named('dl') })
  .check(z.refine(isForward, backward), z.refine(isOneKind, mixed), z.refine(isBounded, boundless));

/** Which task runs to cancel. */
export const bulkCancelSchema = z
  .strictObject({
    ...endpointFilter,
    ...scheduleFilter,
    ...eventFilter,
    event_key: z.optional(eventKeySchema),
    labels: z.optional(labelsSchema),
    ...stretch,
    ...named('run'),
  })
  .check(z.refine(isForward, backward), z.refine(isOneKind, mixed), z.refine(isBounded, boundless));
