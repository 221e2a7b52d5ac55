import { RemovalPolicy } from 'aws-cdk-lib';
import type { EventPattern } from 'aws-cdk-lib/aws-events';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { queueMaxima, SHARE_OF_QUEUES } from './concurrency.js';
import { isPrivateRange, PRIVATE_USE } from './private-ranges.js';
import { TARGET_PATTERN } from './targets.js';

/** `local` runs on a laptop and is never deployed; `dev` may be thrown away; `prod` keeps what it acknowledged. */
export type Preset = 'local' | 'dev' | 'prod';

/** Event pollers that AWS keeps for one queue: `minimum` at all times, up to `maximum` while messages wait. */
export interface Pollers {
  /** 2 to 200. */
  readonly minimum: number;
  /** 2 to 2,000, and not below `minimum`. */
  readonly maximum: number;
}

/** A provider of OpenID Connect at which persons sign in: Cognito, Entra ID, Okta, Google, Keycloak … */
export interface IdentityProvider {
  /** The provider's address, as its discovery document names it. */
  readonly issuer: string;
  readonly clientId: string;
  /** Secret of Secrets Manager, named PunctualClient…, that holds the client's secret; by default a public client, which PKCE protects. */
  readonly clientSecretArn?: string;
  /** By default `openid`, `email` and `profile`. */
  readonly scopes?: readonly string[];
  /** Claim of the ID token that lists the groups of a person; by default `groups`. */
  readonly groupsClaim?: string;
  /** Claim whose mail address names a person, in the audit too: one that persons cannot choose. By default `email`. */
  readonly nameClaim?: string;
  /** Roles of each group, by project: `{ "admins": { "*": "admin" }, "billing": { "proj_…": "member" } }`. */
  readonly roles: Readonly<Record<string, Readonly<Record<string, 'viewer' | 'member' | 'admin'>>>>;
  /** What the console calls the provider. */
  readonly label?: string;
}

/** A VPC of the user's: private subnets with a way to the internet, such as a NAT gateway. */
export interface VpcIds {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** Whether the subnets have IPv6, too, by which receivers may then be called. */
  readonly dualStack?: boolean;
}

/** A VPC that the stack makes, with two zones and fixed addresses: one for each NAT gateway ($0.05 an hour, with its address). */
export interface NewVpc {
  /** 1 or 2: with two, one zone may fail. */
  readonly natGateways: number;
  /** Addresses of the VPC, such as `10.20.0.0/16`, which is what other networks must know to reach it; by default 10.0.0.0/16. */
  readonly cidr?: string;
}

/** Names of your own for API and console. Both certificates are of ACM. */
export interface Domain {
  readonly apiName?: string;
  /** In the stack's Region. */
  readonly certificateArn?: string;
  readonly consoleName?: string;
  /** In us-east-1, where CloudFront looks for it. */
  readonly consoleCertificateArn?: string;
  /** Hosted zone of Route 53 that gets the records. Without one, outputs say where the names must point. */
  readonly hostedZone?: { readonly id: string; readonly name: string };
  /** `false` leaves the API its own name alone: the address of API Gateway answers no more. */
  readonly executeApi?: boolean;
}

/** Makes an event in a project of what the pattern matches on a bus of EventBridge. */
export interface BusEvents {
  /** Name of the bus, or its ARN in the stack's account and Region: `default` is the bus of AWS's own services. */
  readonly bus: string;
  readonly pattern: EventPattern;
  /** Id of the project. */
  readonly project: string;
}

/** A role or user of IAM that calls the API by its own signature (SigV4), without a key. */
export interface IamCaller {
  /** `arn:aws:iam::123456789012:role/shop`: all sessions of the role. */
  readonly arn: string;
  /** Id of the project. */
  readonly project: string;
  readonly scopes: readonly ('read' | 'publish' | 'manage' | 'audit')[];
}

/** An archive of the audit in S3, with Object Lock. */
export interface AuditExportSettings {
  /** Days in which an export can be neither changed nor deleted. */
  readonly retentionDays: number;
  /** `GOVERNANCE`: a principal with `s3:BypassGovernanceRetention` can. `COMPLIANCE`: nothing can, not even the account's root user. */
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
}

/** A queue and its DLQ belong together: the redrive policy of the one names the other. */
export interface ExistingQueue {
  readonly queue: string;
  readonly dlq: string;
}

/** What is there already, of the stack's account and Region, and used as it is: restored, or kept by a stack that was removed. */
export interface Existing {
  /** Names of tables. They begin with `Punctual-`, by which the boundary lets the functions use them. */
  readonly tables?: {
    readonly config?: string;
    readonly runs?: string;
    readonly deadLetters?: string;
    readonly audit?: string;
  };
  /** Names of queues. They begin with `Punctual-`, too. The DLQ of `replay` has the copies of dead letters. */
  readonly queues?: {
    readonly fastLane?: ExistingQueue;
    readonly slowLane?: ExistingQueue;
    readonly crowdedLane?: ExistingQueue;
    readonly wakeUps?: ExistingQueue;
    readonly replay?: ExistingQueue;
  };
  /** ARNs of secrets. */
  readonly secrets?: { readonly master?: string; readonly operator?: string };
}

/** Quotas of a project; docs/scaling.md says how each is counted. */
export interface Quotas {
  /** Requests with a key of the project. */
  readonly requests_per_minute: number;
  /** Task runs by request, by schedules and by events; a day begins at midnight UTC. */
  readonly runs_per_day: number;
  /** Task runs that have not ended. */
  readonly waiting_runs: number;
  /** Payloads of the runs and events that were accepted within the retention. */
  readonly stored_bytes: number;
  readonly endpoints: number;
  readonly schedules: number;
  /** Bulk replays, resolutions and cancellations at the same time. */
  readonly bulk_jobs: number;
  /** Tests of endpoints at the same time. */
  readonly endpoint_tests: number;
}

/** The settings that a stage may choose. Durations are whole seconds unless the name says otherwise. */
export interface OwnSettings {
  /**
   * Of queues, wake-ups (acknowledged work), logs and tables. A kept resource outlives the stack, but not a first deploy
   * that failed. What is kept also protects the stack and its tables against deletion.
   */
  readonly removal: RemovalPolicy.DESTROY | RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
  /** Qualifier of the CDK bootstrap that deploys the stack. `hnb659fds` is the qualifier of a bootstrap without options. */
  readonly bootstrapQualifier: string;
  /** Name of the managed policy beyond which no role of the stack has rights; false for none. */
  readonly permissionsBoundary: string | false;
  readonly logRetentionDays: RetentionDays;
  /**
   * ARN of a customer-managed KMS key for tables, queues, secrets, logs and topics, $1 a month and $0.03 per 10,000 requests;
   * by default AWS's own keys, which are free. docs/deploying.md has the key's policy.
   */
  readonly encryptionKeyArn?: string;
  /** Address that gets the alarms by mail, after one confirmation. Further addresses can subscribe to the topic. */
  readonly alarmEmail?: string;
  /** Retention of task runs, delivery attempts and events. */
  readonly retentionDays: number;
  /**
   * Whether the runs table has point-in-time recovery, as the other three always have: 35 days ($0.20 per GB and month).
   * The table holds what is due in years, which is nowhere else.
   */
  readonly pointInTimeRecovery: boolean;
  /** Whether endpoints may be plain `http:`. */
  readonly allowHttp: boolean;
  /** Private ranges that may be called nevertheless, in CIDR notation: those of a VPC that the deliverers are in. */
  readonly allowedPrivateRanges?: readonly string[];
  /**
   * ARNs of queues, topics, buses, functions and state machines that may be targets, such as `arn:aws:sqs:eu-central-1:123456789012:orders-*`; `*` stands for any
   * text. The deliverers get the right to send to exactly these. By default none: targets are URLs alone.
   */
  readonly allowedTargets?: readonly string[];
  /** Whether the audit also records the outcome of every delivery attempt: one more write each ($0.63 per million). */
  readonly auditDeliveries: boolean;
  /** Whether Lambda and the deliverers send spans to X-Ray: $5 per million traces that are recorded. */
  readonly tracing: 'off' | 'xray';
  /** The VPC in which the deliverers run; by default none: calls come from addresses of AWS that change. */
  readonly vpc?: VpcIds | NewVpc;
  /** Whether the audit is exported to S3 each day; by default it is not. */
  readonly auditExport?: AuditExportSettings;
  /**
   * How long a function uses the master secret before it reads the secret anew; the operator key, a fifth as long. For
   * so long a replaced operator key still lets its bearer in. A reading costs $0.000005.
   */
  readonly secretsSeconds: number;
  /**
   * Lambda's concurrent executions of the account in the Region, or the part of it that the stage may use. The maxima of
   * the queues follow from it, where the stage does not set them, and so does the reserved concurrency of the API.
   */
  readonly accountConcurrency?: number;
  /** Most concurrent invocations per queue, 2 to 1,000 (EventSourceMapping ScalingConfig). */
  readonly fastLaneConcurrency: number;
  readonly slowLaneConcurrency: number;
  readonly wakeUpConcurrency: number;
  readonly replayConcurrency: number;
  /** Of the lane for projects that are over their share. */
  readonly crowdedLaneConcurrency: number;
  /** Of the intake queue. */
  readonly intakeConcurrency: number;
  /**
   * The share of a lane's concurrency that one project may take while there are other projects. More goes to the crowded
   * lane. 1 turns it off.
   */
  readonly projectShare: number;
  /**
   * Provisioned pollers of the fast lane and of the wake-up queue, in place of the queue's concurrency above: AWS takes
   * one of the two. A crowd then finds `minimum` pollers ready, with ten invocations each, where Lambda begins with five
   * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html). A poller costs $6.66 for 30 days
   * ($0.00925 an hour), so there are none by default. docs/scaling.md says what they bring.
   */
  readonly fastLanePollers?: Pollers;
  readonly wakeUpPollers?: Pollers;
  /** What a project may have or use, unless an admin gives it another quota (`PATCH /v1/projects/{id}`). */
  readonly quotas: Quotas;
  /**
   * Whether tasks and events are also taken from an SQS queue; by default they are not. Who may send to the queue may
   * publish into every project.
   */
  readonly intake?: boolean;
  /** Rules on buses of EventBridge, which send to the intake queue; by default none. */
  readonly buses?: readonly BusEvents[];
  /** Who may call the API below `/iam` by a signature of IAM, and as what; by default there is no such path. */
  readonly iamCallers?: readonly IamCaller[];
  /**
   * Whether `punctual listen` may take the calls of endpoints to a developer's machine: for stages that developers share
   * with no customer.
   */
  readonly listeners: boolean;
  /** Whether the console is deployed: a bucket, and a distribution before both. The local stack needs neither. */
  readonly console: boolean;
  /** Tables, queues and secrets that are there already; by default the stack makes its own. */
  readonly existing?: Existing;
  /** Names of your own; by default those that AWS gives. */
  readonly domain?: Domain;
  /** Where persons sign in, besides the operator key; by default nowhere. */
  readonly identityProvider?: IdentityProvider;
  /** Hours after which a person signs in again, at most 24: a role that the provider gives or takes holds from then on. */
  readonly sessionHours: number;
  /** Origins of pages that may embed the console, for portal links: `https://app.example.com`. By default none. */
  readonly portalOrigins?: readonly string[];
  /** Throttle of the HTTP API; an account starts with 10,000 requests/s and a burst of 5,000 for all its APIs. */
  readonly apiRequestsPerSecond: number;
  readonly apiBurst: number;
  /**
   * Throttle of each route that needs no credential, such as `GET /docs`. Through the distribution the documents come from
   * CloudFront's caches, which it does not count.
   */
  readonly publicRequestsPerSecond: number;
  readonly publicBurst: number;
  /**
   * Throttle of each route that signs in, which needs no credential either. It is higher, since a flood that fills it keeps
   * persons from signing in. What a refused sign-in costs us is two reads.
   */
  readonly signInRequestsPerSecond: number;
  readonly signInBurst: number;
  /**
   * Concurrency that no other function of the account can take from the api function, and that the api function cannot
   * exceed. So a flood of requests does not keep the deliverers from running, and a crowd of deliveries does not keep the
   * API from answering. It costs nothing, but is taken from the account's quota, of which 100 must remain. Off by default:
   * a new account has 10 in all.
   */
  readonly apiReservedConcurrency?: number;
  /**
   * ARN of a web ACL of AWS WAF (scope CLOUDFRONT, in us-east-1) before the distribution, such as one with a rate limit for
   * each address. It costs about $6 a month and $0.60 per million requests. An HTTP API takes no web ACL, and its own
   * address is open beside the distribution's: there, the throttles above are what holds.
   */
  readonly webAclArn?: string;
}

/** The settings by which stages differ: with the parts of the protocol, which tests prove. */
export interface StageSettings extends OwnSettings {
  /** Name of the stage, and of its stack: `Punctual-<stage>`. */
  readonly stage: string;
  /** Whether endpoints may be on 127.0.0.1: in the local stack alone. */
  readonly allowLoopback: boolean;
  /** Time for which a claim's lease outlasts the call's own timeout. */
  readonly leaseMarginSeconds: number;
  /** Lease of a request on its Idempotency-Key: as long as the api function can run. */
  readonly requestLeaseSeconds: number;
  /** Longest wait for the due moment inside a function; a longer wait is spent in a queue. */
  readonly holdSeconds: number;
  /**
   * Receives of one message after which SQS moves the message to the queue's DLQ. A last resort: the receive count also
   * rises while Lambda throttles, and our code counts failures by itself.
   */
  readonly maxReceives: number;
  /** First delay of a message whose handling failed; each further delay is twice as long … */
  readonly failedAgainSeconds: number;
  /** … up to this delay. */
  readonly failedAgainMostSeconds: number;
  /** A message on which our code fails for this long, while other messages succeed, is poison: its run ends. */
  readonly poisonAfterSeconds: number;
  /** How long no data of a deleted project must turn up before its deletion ends: longer than a function runs. */
  readonly removalQuietSeconds: number;
  /** Most claims of one delivery attempt after the first claim; each follows the death of a worker. */
  readonly maxReclaims: number;
  /** Most hops of one message in a row: the limit in place of Lambda's recursion detection. */
  readonly maxHops: number;
  /** Visibility timeout of a queue, in timeouts of its consumer: AWS recommends six. */
  readonly visibilityTimeouts: number;
  readonly fastLaneBatchSize: number;
  readonly slowLaneBatchSize: number;
  readonly wakeUpBatchSize: number;
  readonly replayBatchSize: number;
  readonly crowdedLaneBatchSize: number;
  readonly intakeBatchSize: number;
}

/** Name of a stage's stack, and beginning of the names that AWS keeps per account and Region: docs/deploying-policy.json has it. */
export function nameOf({ stage }: Pick<StageSettings, 'stage'>): string {
  return `Punctual-${stage}`;
}

const DEV: StageSettings = {
  stage: 'dev',
  removal: RemovalPolicy.DESTROY,
  bootstrapQualifier: 'punctual',
  permissionsBoundary: 'punctual-boundary',
  logRetentionDays: RetentionDays.ONE_WEEK,
  retentionDays: 30,
  pointInTimeRecovery: false,
  allowHttp: true,
  allowLoopback: false,
  auditDeliveries: false,
  tracing: 'off',
  leaseMarginSeconds: 5,
  requestLeaseSeconds: 29,
  secretsSeconds: 300,
  holdSeconds: 2,
  maxReceives: 50,
  failedAgainSeconds: 5,
  failedAgainMostSeconds: 900,
  // Long enough to notice and roll back a release that fails on a part of the work.
  poisonAfterSeconds: 24 * 60 * 60,
  removalQuietSeconds: 600,
  maxReclaims: 2,
  maxHops: 500,
  visibilityTimeouts: 6,
  fastLaneBatchSize: 10,
  // A slow call holds its invocation for minutes, so no other message may wait in the same batch.
  slowLaneBatchSize: 1,
  wakeUpBatchSize: 10,
  replayBatchSize: 10,
  crowdedLaneBatchSize: 10,
  intakeBatchSize: 10,
  // A fair queue needs concurrency: with a very low maximum, one endpoint holds every invocation.
  fastLaneConcurrency: 50,
  slowLaneConcurrency: 50,
  wakeUpConcurrency: 20,
  replayConcurrency: 2,
  quotas: {
    requests_per_minute: 6_000,
    runs_per_day: 1_000_000,
    waiting_runs: 2_000_000,
    stored_bytes: 10_000_000_000,
    endpoints: 1_000,
    schedules: 1_000,
    bulk_jobs: 3,
    endpoint_tests: 3,
  },
  crowdedLaneConcurrency: 25,
  intakeConcurrency: 20,
  projectShare: 0.5,
  listeners: true,
  console: true,
  sessionHours: 12,
  apiRequestsPerSecond: 100,
  apiBurst: 200,
  publicRequestsPerSecond: 10,
  publicBurst: 20,
  signInRequestsPerSecond: 100,
  signInBurst: 200,
};

/** A project that uses all of it has half of the requests that the stage takes. */
const PROD_QUOTAS: Quotas = {
  ...DEV.quotas,
  requests_per_minute: 60_000,
  runs_per_day: 10_000_000,
  waiting_runs: 20_000_000,
  stored_bytes: 1_000_000_000_000,
  endpoints: 10_000,
  schedules: 10_000,
};

const PRESETS: Record<Preset, StageSettings> = {
  local: {
    ...DEV,
    stage: 'local',
    allowLoopback: true,
    intake: true,
    wakeUpConcurrency: 4,
    allowedTargets: [
      'arn:aws:sqs:us-east-1:000000000000:*',
      'arn:aws:sns:us-east-1:000000000000:*',
      'arn:aws:events:us-east-1:000000000000:event-bus/*',
      'arn:aws:lambda:us-east-1:000000000000:function:*',
      'arn:aws:states:us-east-1:000000000000:stateMachine:*',
    ],
    quotas: PROD_QUOTAS,
    console: false,
    // One person, and tests without any: what they may ask is what the laptop can do.
    publicRequestsPerSecond: 10_000,
    publicBurst: 5_000,
    signInRequestsPerSecond: 10_000,
    signInBurst: 5_000,
  },
  dev: DEV,
  prod: {
    ...DEV,
    stage: 'prod',
    removal: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    logRetentionDays: RetentionDays.THREE_MONTHS,
    pointInTimeRecovery: true,
    allowHttp: false,
    listeners: false,
    fastLaneConcurrency: 500,
    slowLaneConcurrency: 250,
    wakeUpConcurrency: 200,
    replayConcurrency: 10,
    quotas: PROD_QUOTAS,
    crowdedLaneConcurrency: 250,
    intakeConcurrency: 200,
    apiRequestsPerSecond: 2_000,
    apiBurst: 4_000,
  },
};

const quota = z.int().min(0).max(1_000_000_000_000);
const quotas = z.strictObject({
  requests_per_minute: quota,
  runs_per_day: quota,
  waiting_runs: quota,
  stored_bytes: quota,
  endpoints: quota,
  schedules: quota,
  bulk_jobs: quota,
  endpoint_tests: quota,
} satisfies Record<keyof Quotas, z.ZodType>);

/** AWS's bounds of pollers (ProvisionedPollerConfig of an SQS queue). */
const pollers = z
  .strictObject({ minimum: z.int().min(2).max(200), maximum: z.int().min(2).max(2_000) })
  .refine(({ minimum, maximum }) => minimum <= maximum, 'minimum must not be above maximum');
/** AWS's bounds of a queue's maximum concurrency. */
const concurrency = z.int().min(2).max(1_000);

/** Names are unique in an account, whatever their path. */
const nameIn = ({ arn }: Pick<IamCaller, 'arn'>) => arn.replace(/\/.*\//, '/');
/** As the api function reads it. */
export const callerText = ({ arn, project, scopes }: IamCaller) => [arn, project, ...scopes];

const PROJECT_ID = /^proj_[0-9a-f]{32}$/;
const https = z.url({ protocol: /^https$/, error: 'must be an https:// address' });
const roles = z.record(z.string().regex(/^(\*|proj_[0-9a-f]{32})$/), z.enum(['viewer', 'member', 'admin']));
const identityProvider = z.strictObject({
  issuer: https,
  clientId: z.string().min(1),
  // By this name the permissions boundary lets the api function read it.
  clientSecretArn: z
    .string()
    .regex(/^arn:.*:secret:PunctualClient.*-\w{6}$/, 'must be the whole ARN of a secret named PunctualClient…')
    .optional(),
  scopes: z.array(z.string()).optional(),
  groupsClaim: z.string().optional(),
  nameClaim: z.string().optional(),
  roles: z.record(z.string(), roles).refine((given) => Object.keys(given).length > 0, 'must give a group roles'),
  label: z.string().optional(),
});

const cidr = z.cidrv4().refine(isPrivateRange, `must lie within ${PRIVATE_USE}`);
const idOf = (kind: string) => z.string().regex(new RegExp(`^${kind}-([0-9a-f]{8}|[0-9a-f]{17})$`));
const vpc = z.union([
  z.strictObject({
    subnetIds: z.array(idOf('subnet')).min(1),
    securityGroupIds: z.array(idOf('sg')).min(1),
    dualStack: z.boolean().optional(),
  }),
  z.strictObject({
    natGateways: z.int().min(1).max(2),
    // AWS's bounds of a VPC; four subnets of 16 addresses need 64.
    cidr: cidr.refine((range) => /\/(1[6-9]|2[0-6])$/.test(range), 'must have a prefix of 16 to 26 bits').optional(),
  }),
]);

const hostName = z.string().regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, 'must be a host name');
const certificate = (region: string) =>
  z.string().regex(new RegExp(`^arn:aws:acm:${region}:\\d{12}:certificate/[\\w-]+$`));
const domain = z
  .strictObject({
    apiName: hostName.optional(),
    certificateArn: certificate('[a-z0-9-]+').optional(),
    consoleName: hostName.optional(),
    consoleCertificateArn: certificate('us-east-1').optional(),
    hostedZone: z.strictObject({ id: z.string().regex(/^Z[A-Z0-9]+$/), name: hostName }).optional(),
    executeApi: z.boolean().optional(),
  })
  .refine(({ apiName, certificateArn }) => !apiName === !certificateArn, 'apiName and certificateArn need each other')
  .refine(
    ({ consoleName, consoleCertificateArn }) => !consoleName === !consoleCertificateArn,
    'consoleName and consoleCertificateArn need each other',
  )
  .refine(({ apiName, consoleName }) => apiName || consoleName, 'must have a name')
  .refine(({ apiName, executeApi }) => apiName || executeApi !== false, 'executeApi: false needs apiName')
  .refine(
    ({ hostedZone, apiName, consoleName }) =>
      !hostedZone || [apiName, consoleName].every((name) => !name || `.${name}`.endsWith(`.${hostedZone.name}`)),
    'names must lie in the hosted zone',
  );

const tableName = z
  .string()
  .regex(/^Punctual-[\w.-]{1,246}$/, 'must be the name of a table, Punctual-…')
  .optional();
const secretArn = (name: string) =>
  z
    .string()
    .regex(
      new RegExp(`^arn:aws:secretsmanager:.*:secret:${name}.*-\\w{6}$`),
      `must be the whole ARN of a secret named ${name}…`,
    )
    .optional();
// Without a dot: a FIFO queue, whose name ends with .fifo, takes no delay of a single message.
const queueName = z.string().regex(/^Punctual-[\w-]{1,71}$/, 'must be the name of a standard queue, Punctual-…');
const existingQueue = z.strictObject({ queue: queueName, dlq: queueName }).optional();
const existing = z.strictObject({
  tables: z.strictObject({ config: tableName, runs: tableName, deadLetters: tableName, audit: tableName }).optional(),
  queues: z
    .strictObject({
      fastLane: existingQueue,
      slowLane: existingQueue,
      crowdedLane: existingQueue,
      wakeUps: existingQueue,
      replay: existingQueue,
    })
    .optional(),
  secrets: z.strictObject({ master: secretArn('SecretsMaster'), operator: secretArn('SecretsOperator') }).optional(),
});

/**
 * How the settings are checked that `punctual.config.ts` may change.
 * @internal so that the types of the package need no zod
 */
export const OWN_SETTINGS = {
  removal: z.enum([RemovalPolicy.DESTROY, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE]),
  bootstrapQualifier: z.string().regex(/^[a-z0-9]{1,10}$/),
  permissionsBoundary: z.literal(false).or(z.string().regex(/^[\w+=,.@-]{1,128}$/)),
  logRetentionDays: z.enum(RetentionDays),
  encryptionKeyArn: z
    .string()
    .regex(/^arn:aws:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, 'must be the ARN of a key, not of an alias'),
  alarmEmail: z.email(),
  // A run's longest life is 14 days and its retries follow; the statistics of a month need a month.
  retentionDays: z.int().min(1).max(3_650),
  pointInTimeRecovery: z.boolean(),
  allowHttp: z.boolean(),
  allowedPrivateRanges: z.array(z.string().refine(isPrivateRange, `must lie within ${PRIVATE_USE}`)).min(1),
  allowedTargets: z
    .array(z.string().regex(TARGET_PATTERN, 'must be an ARN of a target, where only * is a wildcard'))
    .min(1)
    // Of the 4 KB that Lambda takes as environment.
    .refine((patterns) => patterns.join().length <= 2_000, 'must have at most 2,000 characters together'),
  auditDeliveries: z.boolean(),
  tracing: z.enum(['off', 'xray']),
  vpc,
  auditExport: z.strictObject({
    retentionDays: z.int().min(1).max(36_500),
    mode: z.enum(['GOVERNANCE', 'COMPLIANCE']),
  }),
  secretsSeconds: z.int().min(60).max(3_600),
  accountConcurrency: z.int().min(10).max(1_000_000),
  fastLaneConcurrency: concurrency,
  slowLaneConcurrency: concurrency,
  wakeUpConcurrency: concurrency,
  replayConcurrency: concurrency,
  crowdedLaneConcurrency: concurrency,
  intakeConcurrency: concurrency,
  projectShare: z.number().min(0.05).max(1),
  fastLanePollers: pollers,
  wakeUpPollers: pollers,
  quotas,
  intake: z.boolean(),
  buses: z
    .array(
      z.strictObject({
        bus: z
          .string()
          .regex(/^(arn:aws:events:[a-z0-9-]+:\d{12}:event-bus\/)?[\w./-]{1,256}$/, 'must be a name or ARN'),
        pattern: z
          .record(z.string(), z.unknown())
          .refine((given) => Object.keys(given).length > 0, 'must say what it matches'),
        project: z.string().regex(PROJECT_ID, 'must be the id of a project'),
      }),
    )
    .min(1)
    .max(50),
  iamCallers: z
    .array(
      z.strictObject({
        arn: z
          .string()
          .regex(/^arn:aws:iam::\d{12}:(role|user)\/[\w+=,.@/-]*[\w+=,.@-]$/, 'must be the ARN of a role or a user'),
        project: z.string().regex(PROJECT_ID, 'must be the id of a project'),
        scopes: z.array(z.enum(['read', 'publish', 'manage', 'audit'])).min(1),
      }),
    )
    .min(1)
    .refine((given) => new Set(given.map(nameIn)).size === given.length, 'names a role or user twice')
    // Lambda takes 4 KB of environment in all.
    .refine((given) => JSON.stringify(given.map(callerText)).length <= 2_000, 'is too long: 2,000 characters in all'),
  listeners: z.boolean(),
  console: z.boolean(),
  domain,
  existing,
  identityProvider,
  sessionHours: z.int().min(1).max(24),
  portalOrigins: z
    .array(z.string().regex(/^https:\/\/[a-z0-9.-]+(:\d{1,5})?$/, 'must be an origin: https://app.example.com'))
    .min(1)
    .max(20),
  apiRequestsPerSecond: z.int().min(1).max(10_000),
  apiBurst: z.int().min(1).max(5_000),
  publicRequestsPerSecond: z.int().min(1).max(10_000),
  publicBurst: z.int().min(1).max(5_000),
  signInRequestsPerSecond: z.int().min(1).max(10_000),
  signInBurst: z.int().min(1).max(5_000),
  apiReservedConcurrency: z.int().min(1).max(10_000),
  webAclArn: z.string().regex(/^arn:aws:wafv2:us-east-1:\d{12}:global\/webacl\/[^/]+\/[0-9a-f-]+$/),
} satisfies Record<keyof OwnSettings, z.ZodType>;

/** One stage of `punctual.config.ts`: a preset, and the settings in which the stage differs from the preset. */
export interface Stage extends Partial<OwnSettings> {
  readonly preset: 'dev' | 'prod';
}

const stageSchema = z
  .strictObject({ preset: z.enum(['dev', 'prod']), ...OWN_SETTINGS })
  .partial()
  .required({ preset: true })
  .refine(({ allowedPrivateRanges, vpc: network }) => !allowedPrivateRanges || network, {
    path: ['allowedPrivateRanges'],
    error: 'needs the setting vpc: outside of a VPC no private range is reached',
  })
  .refine(({ buses, intake }) => !buses || intake, {
    path: ['buses'],
    error: 'needs the setting intake: true, whose queue gets the events',
  });

/** Part of the names of AWS resources. `local` is the name of the stage on a laptop. */
const STAGE_NAME = /^(?!local$)[a-z][a-z0-9-]{0,19}$/;

/** The settings of a preset, with `overrides` on top (the local stack and tests compress time with them). */
export function settingsFor(preset: Preset, overrides: Partial<StageSettings> = {}): StageSettings {
  return { ...PRESETS[preset], ...concurrencyWithin(PRESETS[preset], overrides), ...overrides };
}

const SHARE_OF_API = 0.25;
/** Lambda reserves nothing of the last hundred; we leave other functions so much, too. */
const LEAST_TO_RESERVE = 400;
/** What SQS takes as the maximum concurrency of a queue. */
const QUEUE_CONCURRENCY = { least: 2, most: 1_000 };

/** The least that SQS takes for each queue; what is left of the queues' share, by the proportions of the preset. */
function concurrencyWithin(preset: StageSettings, overrides: Partial<StageSettings>): Partial<StageSettings> {
  const { accountConcurrency } = overrides;
  if (accountConcurrency === undefined) return {};
  const names = queueMaxima(overrides);
  const { least, most } = QUEUE_CONCURRENCY;
  const left = Math.max(0, SHARE_OF_QUEUES * accountConcurrency - least * names.length);
  const all = names.reduce((sum, name) => sum + preset[name], 0);
  const maxima = names.map((name) => [name, Math.min(most, least + Math.floor((left * preset[name]) / all))]);
  const isReserved = accountConcurrency >= LEAST_TO_RESERVE;
  return {
    ...Object.fromEntries(maxima),
    ...(isReserved && { apiReservedConcurrency: Math.min(10_000, Math.floor(SHARE_OF_API * accountConcurrency)) }),
  };
}

/** The settings of one stage. @throws for a name or a setting that cannot be deployed */
export function stageSettings(stage: string, given: Stage, where = ''): StageSettings {
  if (!STAGE_NAME.test(stage))
    throw new Error(`${where}the stage "${stage}" must be named by 1 to 20 of a-z, 0-9 and -, not "local"`);
  const { data, error } = stageSchema.safeParse(given);
  if (error) throw new Error(`${where}the stage "${stage}" cannot be deployed.\n${z.prettifyError(error)}`);
  const { preset, ...own } = data;
  return settingsFor(preset, { ...(own as Partial<StageSettings>), stage });
}

/** Declares the stages of `punctual.config.ts` by their names. @throws for a name or a setting that cannot be deployed */
export function defineStages(stages: Readonly<Record<string, Stage>>): readonly StageSettings[] {
  return Object.entries(stages).map(([stage, given]) => stageSettings(stage, given, 'punctual.config.ts: '));
}

/**
 * Refuses `cdk -c <setting>=…`: a flag that is forgotten at the next deploy would change the stack back.
 * @param given the names of the context
 */
export function refuseFlags(given: readonly string[]): void {
  const refused = given.filter((name) => name === 'stage' || name in OWN_SETTINGS);
  if (refused.length > 0)
    throw new Error(
      `-c ${refused.join(', ')}: settings and stages are in punctual.config.ts; name the stack: cdk deploy Punctual-dev`,
    );
}
