import * as z from 'zod';
import type { ZodMiniType } from 'zod/mini';
import { targetSchema } from '../../destinations/destination-schema.js';
import { KIND_DOCUMENTS } from '../../destinations/registry.js';
import { moment } from '../../fields/moment-schema.js';
import { pageOf, shownError } from '../../fields/shown-values.js';
import * as alarms from '../../subjects/alarms/alarm-answers.js';
import * as audit from '../../subjects/audit/audit-answers.js';
import * as bulkJobs from '../../subjects/bulk-jobs/bulk-job-answers.js';
import { deadLetterSchema, wholeDeadLetterSchema } from '../../subjects/dead-letters/dead-letter-answers.js';
import * as endpoints from '../../subjects/endpoints/endpoint-answers.js';
import { eventWithRunsSchema, shownEventSchema, wholeEventSchema } from '../../subjects/events/event-answers.js';
import { eventSchema } from '../../subjects/events/event-schema.js';
import * as feed from '../../subjects/feed/feed-answers.js';
import * as listeners from '../../subjects/listeners/listener-answers.js';
import * as projects from '../../subjects/projects/project-answers.js';
import { quotasPatchSchema } from '../../subjects/projects/project-schema.js';
import { QUOTAS } from '../../subjects/projects/quotas.js';
import { foundListSchema, foundSchema } from '../../subjects/projects/search-answers.js';
import { inlineRetryPolicySchema, retryPolicySchema } from '../../subjects/retry-policies/retry-policy-answers.js';
import * as schedules from '../../subjects/schedules/schedule-answers.js';
import { schedulePatchSchema } from '../../subjects/schedules/schedule-schema.js';
import * as sessions from '../../subjects/sessions/session-answers.js';
import { hourSchema, percentilesSchema, statsSchema } from '../../subjects/stats/stats-answers.js';
import * as taskRuns from '../../subjects/task-runs/task-run-answers.js';
import {
  attemptStatusSchema,
  deadReasonSchema,
  deadStatusSchema,
  runStatusSchema,
  taskSchema,
} from '../../subjects/task-runs/task-run-schema.js';
import { CSV_COLUMNS } from '../routes/deliveries.js';
import { type DialectComponent, ofDialects } from './dialects.js';
import type { JsonSchema } from './json-schema.js';

/** Any settings will do: a stage decides which values are allowed, not the form of a body. */
export const ANY_STAGE = { allowHttp: false, allowLoopback: false };

const fault = z.strictObject({ pointer: z.string(), message: z.string() });
const quotaName = z.enum(QUOTAS);
const problem = z.strictObject({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  request_id: z.string(),
  errors: z.array(fault).optional(),
  quota: quotaName.optional(),
});

const newTask = taskSchema(ANY_STAGE);
/** The schema without its optional, nullable and default wrappers. */
function unwrapped(schema: z.core.$ZodType): z.ZodType {
  const { innerType } = schema._zod.def as { innerType?: z.core.$ZodType };
  return innerType ? unwrapped(innerType) : (schema as z.ZodType);
}

/** Text with one JSON value per line. */
const linesOf = (entry: z.ZodType) =>
  z.string().refine((text) => {
    const lines = text.split('\n').filter(Boolean);
    return lines.every((line) => entry.safeParse(JSON.parse(line)).success);
  }, 'A line is not as it should be.');

/** The schemas of the kinds of targets, which no other line of this file names. */
const ofKinds: Readonly<Record<never, Schema>> = Object.assign(
  {},
  ...Object.values(KIND_DOCUMENTS).map(({ components }) => components?.()),
);
const newTarget = targetSchema(ANY_STAGE);
const schedulePatch = schedulePatchSchema(ANY_STAGE);
/** A batch entry's result: object or error. One form, because few clients tell two forms apart by their fields. */
const resultOf = (made: z.ZodRawShape) =>
  z
    .strictObject({ status: z.int(), ...z.object(made).partial().shape, error: problem.optional() })
    .refine((result) => Object.keys(result).length === 2, 'Either what was made or the error.');
const taskResult = resultOf({ task: taskRuns.runSchema });
const eventResult = resultOf({ event: shownEventSchema });
/** One result per entry of a batch, in order. */
const resultsOf = (result: z.ZodType) => z.strictObject({ data: z.array(result) });

type Schema = z.ZodType | ZodMiniType;

/**
 * Every named schema of the document, except the bodies that routes check. Named here, too, are schemas of parts that a
 * route accepts unchecked and checks later: entries of a batch, results of a merge patch.
 */
const own = {
  Target: endpoints.shownTargetSchema,
  NewTarget: newTarget,
  TargetType: z.enum(Object.keys(KIND_DOCUMENTS).filter((kind) => kind !== 'http')),
  TargetPatch: unwrapped(schedulePatch.shape['target']!),
  ...ofKinds,
  ErrorDetails: shownError,
  RunStatus: runStatusSchema,
  AttemptStatus: attemptStatusSchema,
  DeadReason: deadReasonSchema,
  DeadLetterStatus: deadStatusSchema,

  Health: z.strictObject({ status: z.literal('ok'), version: z.string() }),
  Alarms: alarms.alarmsSchema,
  Session: sessions.sessionSchema,
  StartedSession: sessions.startedSessionSchema,
  SessionList: pageOf(sessions.sessionSchema),
  PortalLink: sessions.linkSchema,
  ConsoleLink: sessions.linkSchema,
  WaysToSignIn: sessions.waysToSignInSchema,
  SignInUnderWay: sessions.providerPageSchema,
  Environment: projects.projectSchema.shape.environment,
  Deletion: projects.deletionSchema,
  OwnQuotas: projects.ownQuotasSchema,
  QuotasPatch: quotasPatchSchema,
  Project: projects.projectSchema,
  ProjectWithSecret: projects.projectWithSecretSchema,
  ProjectList: pageOf(projects.projectSchema),
  ApiKey: projects.apiKeySchema,
  ApiKeyWithSecrets: projects.apiKeyWithSecretsSchema,
  ApiKeyList: pageOf(projects.apiKeySchema),
  RevokedApiKey: projects.revokedApiKeySchema,
  EndpointStatus: endpoints.endpointStatusSchema,
  Endpoint: endpoints.endpointSchema,
  EndpointWithSecret: endpoints.endpointWithSecretSchema,
  EndpointList: pageOf(endpoints.endpointSchema),
  Listener: listeners.shownListenerSchema,
  ListenerList: listeners.listenerListSchema,
  ListenerRequest: listeners.shownRequestSchema,
  ListenerRequestList: listeners.requestListSchema,
  RetryStrategy: retryPolicySchema.shape.strategy,
  RetryJitter: retryPolicySchema.shape.jitter,
  RetryPolicy: retryPolicySchema,
  InlineRetryPolicy: inlineRetryPolicySchema,
  RetryPolicyList: pageOf(retryPolicySchema),
  RunSource: taskRuns.runSchema.shape.source,
  RunSourceType: taskRuns.runSchema.shape.source.shape.type,
  TaskRun: taskRuns.runSchema,
  TaskRunWithPayload: taskRuns.wholeRunSchema,
  TaskRunWithAttempts: taskRuns.runWithAttemptsSchema,
  TaskRunList: pageOf(taskRuns.runSchema),
  NewTask: newTask,
  NewTaskBatch: z.strictObject({ tasks: z.array(newTask).min(1).max(100) }),
  TaskResult: taskResult,
  TaskResults: resultsOf(taskResult),
  EventStatus: shownEventSchema.shape.status,
  Event: shownEventSchema,
  EventWithPayload: wholeEventSchema,
  EventWithTasks: eventWithRunsSchema,
  EventList: pageOf(shownEventSchema),
  NewEvent: eventSchema,
  NewEventBatch: z.strictObject({ events: z.array(eventSchema).min(1).max(100) }),
  EventResult: eventResult,
  EventResults: resultsOf(eventResult),
  AttemptTimings: taskRuns.timingsSchema,
  DeliveryAttempt: taskRuns.attemptSchema,
  DeliveryAttemptList: pageOf(taskRuns.attemptSchema),
  DeliveryAttemptCsv: z.string().startsWith(CSV_COLUMNS.join(',')),
  ScheduleStatus: schedules.shownScheduleSchema.shape.status,
  WantedScheduleStatus: z.enum(['active', 'paused']),
  OverlapPolicy: schedules.shownScheduleSchema.shape.overlap_policy,
  MisfirePolicy: schedules.shownScheduleSchema.shape.misfire_policy,
  Schedule: schedules.shownScheduleSchema,
  ScheduleWithPayload: schedules.wholeScheduleSchema,
  ScheduleList: pageOf(schedules.shownScheduleSchema),
  SchedulePreview: schedules.schedulePreviewSchema,
  Backfill: schedules.backfillAnswerSchema,
  RetryJob: taskRuns.retryJobSchema,
  RetryJobList: pageOf(taskRuns.retryJobSchema),
  DeadLetter: deadLetterSchema,
  DeadLetterWithPayload: wholeDeadLetterSchema,
  DeadLetterList: pageOf(deadLetterSchema),
  BulkReplayStatus: bulkJobs.bulkReplayAnswerSchema.shape.status,
  BulkReplay: bulkJobs.bulkReplayAnswerSchema,
  BulkReplayList: pageOf(bulkJobs.bulkReplayAnswerSchema),
  BulkAction: bulkJobs.bulkJobAnswerSchema.shape.action,
  BulkJob: bulkJobs.bulkJobAnswerSchema,
  BulkCount: bulkJobs.bulkCountSchema,
  FoundKind: foundSchema.shape.kind,
  FoundBy: foundSchema.shape.by,
  Found: foundSchema,
  FoundList: foundListSchema,
  Percentiles: percentilesSchema,
  FailingEndpoint: hourSchema.shape.failing.element,
  HourStats: hourSchema,
  TotalStats: statsSchema.shape.totals,
  Stats: statsSchema,
  PersonActor: audit.personSchema,
  KeyActor: audit.keySchema,
  AccountActor: audit.accountSchema,
  UnknownActor: audit.unknownSchema,
  AuditActor: audit.actorSchema,
  AuditChange: audit.changeSchema,
  AuditRefusal: audit.refusalSchema,
  AuditDelivery: audit.deliverySchema,
  AuditEntry: audit.auditEntrySchema,
  AuditLines: linesOf(audit.auditEntrySchema),
  FeedRun: feed.feedRunSchema,
  FeedAttempt: feed.feedAttemptSchema,
  FeedEnd: feed.feedPageSchema.shape.data,
  FeedPage: feed.feedPageSchema,
  FeedLine: feed.feedLineSchema,
  FeedLines: linesOf(feed.feedLineSchema),
  QuotaUsage: projects.quotaUsageSchema,
  Usage: projects.usageSchema,
  QuotaName: quotaName,
  ExportType: projects.exportLineSchema.shape.type,
  ExportLine: projects.exportLineSchema,
  ExportLines: linesOf(projects.exportLineSchema),
  Fault: fault,
  Problem: problem,
  /** API Gateway's own answer. */
  GatewayMessage: z.strictObject({ message: z.string() }),
} as const satisfies Record<string, Schema>;

export type ComponentName = keyof typeof own | DialectComponent;

const all: Readonly<Record<string, Schema>> = { ...own, ...ofDialects('components') };

/** Every named schema of the document. */
export const components = all as Readonly<Record<ComponentName, Schema>>;

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** Schemas that cannot be derived from the validating schemas, by name. */
export const writtenSchemas: Readonly<Record<string, JsonSchema>> = {
  Moment: {
    description: 'A time as it is sent. It goes out in the first of the two forms, in UTC with milliseconds.',
    oneOf: [ref('DateTime'), ref('UnixSeconds')],
  },
  DateTime: { type: 'string', format: 'date-time', description: 'ISO 8601 with its offset.' },
  UnixSeconds: {
    ...secondsOfMoments(),
    description: 'Unix seconds, not milliseconds; a fraction is kept to the millisecond.',
  },
  DeliveryAttemptCsv: {
    type: 'string',
    contentMediaType: 'text/csv',
    description: `RFC 4180: a line that names the columns, and one line for each delivery attempt. The columns: ${CSV_COLUMNS.join(', ')}.`,
  },
  ExportLines: jsonLines('ExportLine'),
  AuditLines: jsonLines('AuditEntry'),
  FeedLines: jsonLines('FeedLine'),
};

function jsonLines(line: string): JsonSchema {
  return {
    type: 'string',
    contentMediaType: 'application/x-ndjson',
    contentSchema: ref(line),
    description: `One ${line} as JSON on each line.`,
  };
}

/** The bounds of Unix seconds that `moment` takes. */
function secondsOfMoments(): JsonSchema {
  const { anyOf } = z.toJSONSchema(moment, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const { minimum, maximum } = anyOf.find(({ type }: JsonSchema) => type === 'number');
  return { type: 'number', format: 'double', minimum, maximum };
}
