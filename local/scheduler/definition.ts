import * as z from 'zod';
import { validationError } from './errors.js';

const NAME_PATTERN = '^[0-9a-zA-Z-_.]+$';

export const nameSchema = z
  .string('Member must not be null')
  .min(1, 'Member must have length greater than or equal to 1')
  .max(64, 'Member must have length less than or equal to 64')
  .regex(/^[0-9a-zA-Z\-_.]+$/, `Member must satisfy regular expression pattern: ${NAME_PATTERN}`);

const queueArn = z
  .string('Member must not be null')
  .regex(/^arn:aws:sqs:[^:]+:\d{12}:.+$/, 'only SQS queues are served here');

/** Unix seconds, as in REST-JSON. */
const moment = z.number('Member must be a timestamp');

const targetSchema = z.object({
  Arn: queueArn,
  RoleArn: z
    .string('Member must not be null')
    .regex(/^arn:aws:iam::\d{12}:role\/.+$/, 'Member must be the ARN of a role'),
  // Without an input AWS sends an event of its own.
  Input: z
    .string('only targets with an input are served here')
    .min(1, 'Member must have length greater than or equal to 1')
    .refine((text) => Buffer.byteLength(text) <= 256 * 1024, 'Member must have length less than or equal to 262144'),
  // API reference: by default 185 attempts within 24 hours.
  RetryPolicy: z
    .object({
      MaximumEventAgeInSeconds: between(60, 86_400).default(86_400),
      MaximumRetryAttempts: between(0, 185).default(185),
    })
    .default({ MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 }),
  DeadLetterConfig: z.object({ Arn: queueArn.optional() }).optional(),
  SqsParameters: z.object({ MessageGroupId: z.string().optional() }).optional(),
});

const windowSchema = z
  .object(
    { Mode: oneOf('OFF', 'FLEXIBLE'), MaximumWindowInMinutes: between(1, 1440).optional() },
    'Member must not be null',
  )
  .refine((window) => (window.Mode === 'FLEXIBLE') === (window.MaximumWindowInMinutes !== undefined), {
    message: 'MaximumWindowInMinutes is required for FLEXIBLE, and for nothing else',
  });

const definitionSchema = z.object({
  Name: nameSchema,
  GroupName: nameSchema.default('default'),
  ScheduleExpression: z.string('Member must not be null').max(256, 'Member must have length less than or equal to 256'),
  ScheduleExpressionTimezone: z.string().default('UTC'),
  Description: z.string().max(512, 'Member must have length less than or equal to 512').optional(),
  State: oneOf('ENABLED', 'DISABLED').default('ENABLED'),
  ActionAfterCompletion: oneOf('NONE', 'DELETE').default('NONE'),
  StartDate: moment.optional(),
  EndDate: moment.optional(),
  KmsKeyArn: z.string().optional(),
  FlexibleTimeWindow: windowSchema,
  Target: z.object(targetSchema.shape, 'Member must not be null'),
});

/** A schedule in CreateSchedule and UpdateSchedule, with defaults. */
export type Definition = z.infer<typeof definitionSchema>;

/** Reads a request; throws AWS's ValidationException for a request that AWS would refuse. */
export function parseDefinition(request: unknown): Definition {
  const definition = parseInput(definitionSchema, request);
  const { ScheduleExpression: text, ScheduleExpressionTimezone: zone, StartDate, EndDate } = definition;
  if (zone !== 'UTC') throw validationError(`Invalid Schedule Expression Timezone ${zone}. Only UTC is served here.`);
  if (!isOneMoment(text)) throw validationError(`Invalid Schedule Expression ${text}. Only at(...) is served here.`);
  if (StartDate !== undefined && EndDate !== undefined && StartDate >= EndDate) {
    throw validationError('The StartDate you specify must come before the EndDate.');
  }
  return definition;
}

/** Whether the text is `at(yyyy-mm-ddThh:mm:ss)` with a date that exists. */
function isOneMoment(text: string): boolean {
  const [, moment] = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(text) ?? [];
  const at = Date.parse(`${moment}Z`);
  return moment !== undefined && !Number.isNaN(at) && new Date(at).toISOString().startsWith(moment);
}

export function parseInput<Output>(schema: z.ZodType<Output>, input: unknown): Output {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const found = result.error.issues.map(
    ({ path, message }) => `Value at '${path.map(lowerFirst).join('.')}' failed to satisfy constraint: ${message}`,
  );
  const plural = found.length === 1 ? '' : 's';
  throw validationError(`${found.length} validation error${plural} detected: ${found.join('; ')}`);
}

function between(min: number, max: number) {
  return z
    .int('Member must be an integer')
    .min(min, `Member must have value greater than or equal to ${min}`)
    .max(max, `Member must have value less than or equal to ${max}`);
}

function oneOf<const Values extends readonly string[]>(...values: Values) {
  return z.enum(values, `Member must satisfy enum value set: [${values.join(', ')}]`);
}

function lowerFirst(name: PropertyKey): string {
  const text = String(name);
  return text.charAt(0).toLowerCase() + text.slice(1);
}
