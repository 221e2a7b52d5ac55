import { BlockList, isIPv6 } from 'node:net';
import * as z from 'zod/mini';
import { QUOTAS } from '../subjects/projects/quotas.js';

// Environment variables, grouped as the stack grants them; each function reads only the groups of its own grants.

const count = z.coerce.number().check(z.int(), z.nonnegative());
const flag = z.pipe(
  z.enum(['true', 'false']),
  z.transform((value) => value === 'true'),
);

/** Ranges in CIDR notation, after a comma each. */
const ranges = z.pipe(
  z.string(),
  z.transform((text) => {
    const list = new BlockList();
    for (const [base = '', bits] of text.split(',').map((range) => range.split('/')))
      list.addSubnet(base, Number(bits), isIPv6(base) ? 'ipv6' : 'ipv4');
    return list;
  }),
);

/** Texts, after a comma each. */
const list = z.pipe(
  z.string(),
  z.transform((text) => text.split(',')),
);

export const storageEnv = z.object({
  CONFIG_TABLE: z.string(),
  RUNS_TABLE: z.string(),
  DEAD_LETTERS_TABLE: z.string(),
  AUDIT_TABLE: z.string(),
});

export const queuesEnv = z.object({
  FAST_LANE_URL: z.url(),
  SLOW_LANE_URL: z.url(),
  FAST_LANE_ARN: z.string(),
  SLOW_LANE_ARN: z.string(),
  DEAD_LETTERS_QUEUE_URL: z.url(),
  SCHEDULE_GROUP: z.string(),
  SCHEDULER_ROLE_ARN: z.string(),
  SCHEDULER_DLQ_ARN: z.string(),
  WAKE_UP_QUEUE_URL: z.url(),
  WAKE_UP_QUEUE_ARN: z.string(),
});

export const secretsEnv = z.object({
  MASTER_SECRET_ARN: z.string(),
  OPERATOR_SECRET_ARN: z.optional(z.string()),
  SECRETS_SECONDS: count,
});

export const stageEnv = z.object({
  STAGE: z.string(),
  VERSION: z.string(),
  RETENTION_DAYS: count,
  ALLOW_HTTP: flag,
  ALLOW_LOOPBACK: flag,
  ALLOWED_PRIVATE_RANGES: z.optional(ranges),
  ALLOWED_TARGETS: z.optional(list),
  OWN_STACK: z.optional(z.string()),
  AUDIT_DELIVERIES: flag,
  MAX_HOPS: count,
});

export const apiEnv = z.object({
  REQUEST_LEASE_SECONDS: count,
  SESSION_HOURS: count,
  IDENTITY_PROVIDER: z.optional(z.string()),
  DISTRIBUTION_MARK: z.optional(z.string()),
  IAM_CALLERS: z.optional(z.string()),
  LISTENERS: z.optional(z.literal('true')),
  /** What the names of the stage's alarms begin with. */
  ALARM_PREFIX: z.optional(z.string()),
});

/** The default quotas of projects, as JSON. */
export const quotasEnv = z.object({
  QUOTAS: z.pipe(
    z.pipe(
      z.string(),
      z.transform((text): unknown => JSON.parse(text)),
    ),
    z.record(z.enum(QUOTAS), z.int().check(z.nonnegative())),
  ),
});

export const delivererEnv = z.object({
  LANE: z.enum(['fast', 'slow', 'crowded']),
  CROWDED_LANE_URL: z.url(),
  FAST_LANE_PROJECT_PLACES: count,
  SLOW_LANE_PROJECT_PLACES: count,
  LEASE_MARGIN_SECONDS: count,
  MAX_RECLAIMS: count,
  HOLD_SECONDS: count,
  TRACING: z.optional(z.literal('xray')),
  /** Lambda's own: `host:port`. */
  AWS_XRAY_DAEMON_ADDRESS: z.optional(z.string()),
});

/** Times for messages whose handling failed. */
export const failureEnv = z.object({
  FAILED_AGAIN_SECONDS: count,
  FAILED_AGAIN_MOST_SECONDS: count,
  POISON_AFTER_SECONDS: count,
});

export const replayEnv = z.object({ REPLAY_QUEUE_URL: z.url() });

export const intakeEnv = z.object({ INTAKE_QUEUE_URL: z.url(), INTAKE_DLQ_URL: z.url() });

export const auditExportEnv = z.object({
  AUDIT_EXPORT_BUCKET: z.optional(z.string()),
  AUDIT_TABLE_ARN: z.optional(z.string()),
});

export const removalEnv = z.object({ REMOVAL_QUIET_SECONDS: count });

/** The DLQs; and the crowded lane, to which messages of its DLQ are sent back. */
export const dlqsEnv = z.object({
  CROWDED_LANE_URL: z.url(),
  CROWDED_LANE_DLQ_URL: z.url(),
  FAST_LANE_DLQ_URL: z.url(),
  SLOW_LANE_DLQ_URL: z.url(),
  WAKE_UP_DLQ_URL: z.url(),
});

/** @throws Error at the function's start, naming every variable that is missing or malformed */
export function readEnv<Shape>(schema: z.ZodMiniType<Shape>): Shape {
  const parsed = schema.safeParse(process.env, { jitless: true });
  if (!parsed.success) throw new Error(`environment: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
