import * as z from 'zod';
import { eventSchema } from '../../core/event/event-schema.js';
import {
  attemptStatusSchema,
  deadReasonSchema,
  deadStatusSchema,
  runStatusSchema,
} from '../../core/run/task-queries.js';
import { taskSchema } from '../../core/run/task-schema.js';
import * as cron from '../dialects/cron-service/answer-schema.js';
import * as dispatch from '../dialects/dispatch/answer-schema.js';
import { attemptSchema } from '../present/attempt-schema.js';
import { auditEntrySchema } from '../present/audit-schema.js';
import { bulkReplayAnswerSchema, deadLetterSchema, wholeDeadLetterSchema } from '../present/dead-letter-schema.js';
import { endpointSchema, endpointWithSecretSchema, targetSchema } from '../present/endpoint-schema.js';
import { eventWithRunsSchema, shownEventSchema, wholeEventSchema } from '../present/event-schema.js';
import {
  apiKeySchema,
  apiKeyWithSecretsSchema,
  projectSchema,
  projectWithSecretSchema,
  revokedApiKeySchema,
} from '../present/project-schema.js';
import { retryJobSchema } from '../present/retry-job-schema.js';
import { inlineRetryPolicySchema, retryPolicySchema } from '../present/retry-policy-schema.js';
import { runSchema, runWithAttemptsSchema, wholeRunSchema } from '../present/run-schema.js';
import { schedulePreviewSchema, shownScheduleSchema, wholeScheduleSchema } from '../present/schedule-schema.js';
import { pageOf, shownTime } from '../present/shown-values.js';
import { statsSchema } from '../present/stats-schema.js';

/** What a stage allows changes which values are good, but not what a body looks like. */
export const ANY_STAGE = { allowHttp: false, allowLoopback: false };

const fault = z.strictObject({ pointer: z.string(), message: z.string() });
const problem = z.strictObject({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  request_id: z.string(),
  errors: z.array(fault).optional(),
});

const newTask = taskSchema(ANY_STAGE);
/** One result per entry of a batch, in order. */
const resultsOf = (result: z.ZodObject) =>
  z.strictObject({ data: z.array(z.union([result, z.strictObject({ status: z.int(), error: problem })])) });

/**
 * Every schema that has a name in the document, but for the bodies that the routes themselves check. Here are also those
 * that show what a route lets through, to look at it one by one: the entries of a batch, what a merge patch makes.
 */
export const components = {
  Target: targetSchema,
  RunStatus: runStatusSchema,
  AttemptStatus: attemptStatusSchema,
  DeadReason: deadReasonSchema,
  DeadLetterStatus: deadStatusSchema,

  Health: z.strictObject({ status: z.literal('ok'), version: z.string() }),
  Session: z.strictObject({ token: z.string(), expires_at: shownTime }),
  Project: projectSchema,
  ProjectWithSecret: projectWithSecretSchema,
  ProjectList: pageOf(projectSchema),
  ApiKey: apiKeySchema,
  ApiKeyWithSecrets: apiKeyWithSecretsSchema,
  ApiKeyList: pageOf(apiKeySchema),
  RevokedApiKey: revokedApiKeySchema,
  Endpoint: endpointSchema,
  EndpointWithSecret: endpointWithSecretSchema,
  EndpointList: pageOf(endpointSchema),
  RetryPolicy: retryPolicySchema,
  InlineRetryPolicy: inlineRetryPolicySchema,
  RetryPolicyList: pageOf(retryPolicySchema),
  TaskRun: runSchema,
  TaskRunWithPayload: wholeRunSchema,
  TaskRunWithAttempts: runWithAttemptsSchema,
  TaskRunList: pageOf(runSchema),
  NewTask: newTask,
  NewTaskBatch: z.strictObject({ tasks: z.array(newTask).min(1).max(100) }),
  TaskResults: resultsOf(z.strictObject({ status: z.int(), task: runSchema })),
  Event: shownEventSchema,
  EventWithPayload: wholeEventSchema,
  EventWithTasks: eventWithRunsSchema,
  EventList: pageOf(shownEventSchema),
  NewEvent: eventSchema,
  NewEventBatch: z.strictObject({ events: z.array(eventSchema).min(1).max(100) }),
  EventResults: resultsOf(z.strictObject({ status: z.int(), event: shownEventSchema })),
  DeliveryAttempt: attemptSchema,
  DeliveryAttemptList: pageOf(attemptSchema),
  Schedule: shownScheduleSchema,
  ScheduleWithPayload: wholeScheduleSchema,
  ScheduleList: pageOf(shownScheduleSchema),
  SchedulePreview: schedulePreviewSchema,
  RetryJob: retryJobSchema,
  RetryJobList: pageOf(retryJobSchema),
  DeadLetter: deadLetterSchema,
  DeadLetterWithPayload: wholeDeadLetterSchema,
  DeadLetterList: pageOf(deadLetterSchema),
  BulkReplay: bulkReplayAnswerSchema,
  Stats: statsSchema,
  AuditEntry: auditEntrySchema,
  Problem: problem,
  /** What API Gateway says by itself. */
  GatewayMessage: z.strictObject({ message: z.string() }),

  CronJobSummary: cron.jobSummarySchema,
  CronJobDetails: cron.jobDetailsSchema,
  CronExecution: cron.executionSchema,
  CronExecutionStart: cron.executionStartSchema,
  CronJobCreated: cron.okSchema(cron.jobSummarySchema),
  CronJobShown: cron.okSchema(cron.jobDetailsSchema),
  CronJobList: cron.okSchema(cron.jobsSchema),
  CronJobDeleted: cron.okSchema(z.null()),
  CronExecutionStarted: cron.okSchema(cron.executionStartSchema),
  CronExecutionList: cron.okSchema(cron.executionsSchema),
  CronServiceError: cron.errorSchema,

  DispatchJob: dispatch.shownJobSchema,
  DispatchJobRow: dispatch.jobRowSchema,
  DispatchJobDetails: dispatch.wholeJobSchema,
  DispatchLog: dispatch.jobLogSchema,
  DispatchJobCreated: dispatch.okSchema(dispatch.shownJobSchema),
  DispatchJobShown: dispatch.okSchema(dispatch.wholeJobSchema),
  DispatchJobList: dispatch.okSchema(dispatch.jobPageSchema),
  DispatchJobCancelled: dispatch.okSchema(z.null()),
  DispatchError: dispatch.errorSchema,
} as const satisfies Record<string, z.core.$ZodType>;

export type ComponentName = keyof typeof components;
