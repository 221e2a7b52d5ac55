import * as z from 'zod/mini';
import { moment } from '../../fields/moment-schema.js';
import { deadReasonSchema, endpointFilter } from '../task-runs/task-run-schema.js';

interface Stretch {
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

const isForward = ({ since, until }: Stretch) => since === undefined || until === undefined || since <= until;
const backward = { path: ['since'], message: 'Must not be after until.' };

const fits = { since: z.optional(moment), until: z.optional(moment), reason: z.optional(deadReasonSchema) };

/** Which dead letters to replay: those that fit every given field. `until` is the request's time at the latest. */
export const bulkReplaySchema = z.strictObject({ ...endpointFilter, ...fits }).check(z.refine(isForward, backward));

/** The same in all projects. */
export const replayAllSchema = z.strictObject(fits).check(z.refine(isForward, backward));

/** The time span of the deaths to replay for an endpoint; it ends at the request's time at the latest. */
export const recoverSchema = z
  .strictObject({ since: moment, until: z.optional(moment) })
  .check(z.refine(isForward, backward));

const MAX_NOTE_LENGTH = 2_000;

/** Why a dead letter needs no replay. */
export const resolveSchema = z.strictObject({ note: z.string().check(z.minLength(1), z.maxLength(MAX_NOTE_LENGTH)) });
