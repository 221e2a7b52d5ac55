import * as z from 'zod';
import { idSchema } from '../../../fields/id-schema.js';
import type { DialectDocument } from '../../http/dialect.js';

/** ISO 8601, UTC, without a fraction. */
const time = z.iso.datetime({ precision: 0 });

const jobSummarySchema = z.strictObject({
  jobId: idSchema('job'),
  name: z.string(),
  cronExpression: z.string(),
  state: z.enum(['ACTIVE', 'PAUSED', 'COMPLETED', 'DELETED']),
  nextRunAt: time.nullable(),
  overlapPolicy: z.enum(['SKIP', 'ALLOW', 'CANCEL_PREVIOUS']),
  createdAt: time,
});

const jobDetailsSchema = jobSummarySchema.extend({
  timezone: z.string(),
  targetUrl: z.string(),
  httpMethod: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string().nullable(),
  retries: z.int(),
  retryDelaySeconds: z.number(),
  signPayloads: z.boolean(),
  signingKeyId: z.nullable(idSchema('ak')),
  updatedAt: time,
});

const executionStartSchema = z.strictObject({
  executionId: idSchema('ex'),
  trigger: z.enum(['SCHEDULED', 'MANUAL']),
  startedAt: time,
});

const executionSchema = executionStartSchema.extend({
  durationMs: z.number().nullable(),
  httpStatus: z.int().nullable(),
  result: z.enum(['RUNNING', 'WAITING', 'SUCCESS', 'FAILED', 'TIMED_OUT', 'SKIPPED', 'CANCELLED']),
});

const jobsSchema = z.strictObject({ jobs: z.array(jobSummarySchema), nextCursor: z.string().nullable() });
const executionsSchema = z.strictObject({ executions: z.array(executionSchema) });

/** The envelope of a success. */
function okSchema(data: z.ZodType) {
  return z.strictObject({ status: z.literal('OK'), data });
}

const errorSchema = z.strictObject({ status: z.literal('ERROR'), message: z.string() });

const jobs = '/api/cron-service/jobs';

/** This dialect's part of the OpenAPI document. */
export const document = {
  tag: 'Schedules and their runs as jobs and executions.',
  error: 'CronServiceError',

  components: {
    CronJobState: jobSummarySchema.shape.state,
    WantedCronJobState: z.enum(['ACTIVE', 'PAUSED']),
    CronOverlapPolicy: jobSummarySchema.shape.overlapPolicy,
    CronExecutionTrigger: executionStartSchema.shape.trigger,
    CronExecutionResult: executionSchema.shape.result,
    CronJobs: jobsSchema,
    CronExecutions: executionsSchema,
    CronJobSummary: jobSummarySchema,
    CronJobDetails: jobDetailsSchema,
    CronExecution: executionSchema,
    CronExecutionStart: executionStartSchema,
    CronJobCreated: okSchema(jobSummarySchema),
    CronJobShown: okSchema(jobDetailsSchema),
    CronJobList: okSchema(jobsSchema),
    CronJobDeleted: okSchema(z.null()),
    CronExecutionStarted: okSchema(executionStartSchema),
    CronExecutionList: okSchema(executionsSchema),
    CronServiceError: errorSchema,
  },

  operations: {
    [`POST ${jobs}`]: { id: 'createCronJob', takes: 'NewCronJob', gives: { 201: 'CronJobCreated' } },
    [`GET ${jobs}`]: { id: 'listCronJobs', gives: { 200: 'CronJobList' } },
    [`GET ${jobs}/{id}`]: { id: 'getCronJob', gives: { 200: 'CronJobShown' } },
    [`PATCH ${jobs}/{id}`]: { id: 'updateCronJob', takes: 'CronJobPatch', gives: { 200: 'CronJobShown' } },
    [`DELETE ${jobs}/{id}`]: { id: 'deleteCronJob', gives: { 200: 'CronJobDeleted' } },
    [`POST ${jobs}/{id}/run`]: { id: 'runCronJob', gives: { 202: 'CronExecutionStarted' } },
    [`GET ${jobs}/{id}/executions`]: { id: 'listCronExecutions', gives: { 200: 'CronExecutionList' } },
  },

  headers: {
    'X-Cron-Signature': {
      description: 'sha256= and the lower-case hex HMAC-SHA256 of the body, keyed with the API key.',
      required: false,
    },
  },
  arrivals: {
    cronJobCall: {
      id: 'receiveCronJobCall',
      summary: 'The call of a job of the cron-service dialect: its body.',
      description: 'Signed once more with the API key that made the job, where signPayloads is true.',
      headers: ['Punctual-Schedule-Id', 'X-Cron-Signature'],
    },
  },

  notes: {
    body: 'Sent byte for byte: as JSON where it is an object or array, else as text, unless the headers name another Content-Type.',
    'NewCronJob.retryDelaySeconds': 'By default 30.',
    cronExpression: 'Five fields, or six with seconds first; 0 and 7 are Sunday.',
    executionId: 'The task run of the same digits.',
    jobId: 'The schedule of the same digits.',
    result: 'WAITING: a call has failed, and the execution waits for its retry.',
    signPayloads: "Sign with this request's API key.",
    signingKeyId: 'The API key that signs; send signPayloads again with another one to change it.',
  },
  formats: { targetUrl: { format: 'uri' } },
} as const satisfies DialectDocument;
