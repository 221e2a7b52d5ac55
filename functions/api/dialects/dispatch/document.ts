import * as z from 'zod';
import { shownTime } from '../../../fields/shown-values.js';
import type { DialectDocument } from '../../http/dialect.js';
import { MAX_COUNTED } from './job-schema.js';

const project = z.strictObject({ id: z.uuid(), name: z.string() });

const shownJobSchema = z.strictObject({
  id: z.uuid(),
  projectId: z.uuid(),
  title: z.string(),
  webhookUrl: z.string(),
  payload: z.record(z.string(), z.unknown()),
  fireAt: shownTime,
  status: z.enum(['SCHEDULED', 'FIRING', 'SUCCESS', 'FAILED', 'DEAD', 'CANCELLED']),
  retryCount: z.int().min(0),
  createdAt: shownTime,
  updatedAt: shownTime,
});

const jobRowSchema = shownJobSchema
  .omit({ projectId: true, payload: true, createdAt: true, updatedAt: true })
  .extend({ project });

const jobLogSchema = z.strictObject({
  id: z.uuid(),
  attempt: z.int().min(1),
  status: z.enum(['SUCCESS', 'FAILED']),
  responseCode: z.int().nullable(),
  responseBody: z.string().nullable(),
  firedAt: shownTime,
  durationMs: z.number(),
});

const wholeJobSchema = shownJobSchema.extend({ project, logs: z.array(jobLogSchema) });

const jobPageSchema = z.strictObject({
  jobs: z.array(jobRowSchema),
  pagination: z.strictObject({
    total: z.int().min(0).max(MAX_COUNTED),
    page: z.int(),
    limit: z.int(),
    totalPages: z.int(),
  }),
});

/** The envelope of a success. */
function okSchema(data: z.ZodType) {
  return z.strictObject({ status: z.literal(true), message: z.string(), data });
}

const errorSchema = z.strictObject({ status: z.literal(false), message: z.string(), data: z.null() });

const callSchema = z.strictObject({
  jobId: z.uuid(),
  title: z.string(),
  payload: z.record(z.string(), z.unknown()),
  firedAt: shownTime,
});

/** This dialect's part of the OpenAPI document. */
export const document = {
  tag: 'Task runs at one moment as jobs.',
  error: 'DispatchError',
  statuses: { 403: 401 },

  components: {
    DispatchJobStatus: shownJobSchema.shape.status,
    DispatchLogStatus: jobLogSchema.shape.status,
    DispatchProject: jobRowSchema.shape.project,
    DispatchJobPage: jobPageSchema,
    DispatchPagination: jobPageSchema.shape.pagination,
    DispatchJob: shownJobSchema,
    DispatchJobRow: jobRowSchema,
    DispatchJobDetails: wholeJobSchema,
    DispatchLog: jobLogSchema,
    DispatchJobCreated: okSchema(shownJobSchema),
    DispatchJobShown: okSchema(wholeJobSchema),
    DispatchJobList: okSchema(jobPageSchema),
    DispatchJobCancelled: okSchema(z.null()),
    DispatchError: errorSchema,
  },

  operations: {
    'POST /api/v1/jobs': { id: 'createDispatchJob', takes: 'NewDispatchJob', gives: { 201: 'DispatchJobCreated' } },
    'GET /api/v1/jobs': { id: 'listDispatchJobs', gives: { 200: 'DispatchJobList' } },
    'GET /api/v1/jobs/{id}': { id: 'getDispatchJob', gives: { 200: 'DispatchJobShown' } },
    'DELETE /api/v1/jobs/{id}': { id: 'cancelDispatchJob', gives: { 200: 'DispatchJobCancelled' } },
  },

  headers: {
    'X-Dispatch-Signature': {
      description:
        't= the time in Unix seconds, and v1= the lower-case hex HMAC-SHA256 of the time, a dot and the body.',
      required: true,
    },
  },
  arrivals: {
    dispatchJobCall: {
      id: 'receiveDispatchJobCall',
      summary: 'The call of a job of the dispatch dialect.',
      description: 'Signed once more under the name that its receivers know.',
      body: callSchema,
      headers: ['X-Dispatch-Signature'],
    },
  },

  notes: {
    fireAt: 'ISO 8601 in UTC, with a trailing Z.',
    projectId: 'Jobs of this project alone.',
  },
  formats: {
    webhookUrl: { format: 'uri' },
    // The format is not date-time: many clients write date-time with +00:00, which this dialect refuses.
    'NewDispatchJob.fireAt': { format: undefined, pattern: 'Z$' },
  },
} as const satisfies DialectDocument;
