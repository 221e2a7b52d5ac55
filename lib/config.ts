import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

const STAGES = ['local', 'dev', 'prod'] as const;

/** `local` runs on a laptop and is never deployed; `dev` may be thrown away; `prod` keeps what it acknowledged. */
export type Stage = (typeof STAGES)[number];

/** Event pollers that AWS keeps for one queue: `minimum` at all times, up to `maximum` while messages wait. */
export interface Pollers {
  /** 2 to 200. */
  readonly minimum: number;
  /** 2 to 2,000, and not below `minimum`. */
  readonly maximum: number;
}

/** The settings by which stages differ. Durations are whole seconds unless the name says otherwise. */
export interface StageSettings {
  readonly stage: Stage;
  /** Of tables, queues, wake-ups (acknowledged work) and logs. RETAIN also protects the stack against deletion. */
  readonly removal: RemovalPolicy.DESTROY | RemovalPolicy.RETAIN;
  readonly logRetentionDays: RetentionDays;
  /** Address that gets the alarms by mail, after one confirmation. Further addresses can subscribe to the topic. */
  readonly alarmEmail?: string;
  /** Retention of task runs, delivery attempts and events. */
  readonly retentionDays: number;
  /** Whether endpoints may be plain `http:`. */
  readonly allowHttp: boolean;
  /** Whether endpoints may be on 127.0.0.1: in the local stack alone. */
  readonly allowLoopback: boolean;
  /** Whether the audit also records the outcome of every delivery attempt: one more write each ($0.63 per million). */
  readonly auditDeliveries: boolean;
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
  /** Most concurrent invocations per queue, 2 to 1,000 (EventSourceMapping ScalingConfig). */
  readonly fastLaneConcurrency: number;
  readonly slowLaneConcurrency: number;
  readonly wakeUpConcurrency: number;
  readonly replayConcurrency: number;
  /** Of the lane for projects that are over their share. */
  readonly crowdedLaneConcurrency: number;
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
  /** Whether the console is deployed: a bucket, and a distribution before both. The local stack needs neither. */
  readonly console: boolean;
  /** Throttle of the HTTP API; an account starts with 10,000 requests/s and a burst of 5,000 for all its APIs. */
  readonly apiRequestsPerSecond: number;
  readonly apiBurst: number;
}

const DEV: StageSettings = {
  stage: 'dev',
  removal: RemovalPolicy.DESTROY,
  logRetentionDays: RetentionDays.ONE_WEEK,
  retentionDays: 30,
  allowHttp: true,
  allowLoopback: false,
  auditDeliveries: false,
  leaseMarginSeconds: 5,
  requestLeaseSeconds: 29,
  holdSeconds: 2,
  maxReceives: 50,
  failedAgainSeconds: 5,
  failedAgainMostSeconds: 900,
  // Long enough to notice and roll back a release that fails on a part of the work.
  poisonAfterSeconds: 24 * 60 * 60,
  maxReclaims: 2,
  maxHops: 500,
  visibilityTimeouts: 6,
  fastLaneBatchSize: 10,
  // A slow call holds its invocation for minutes, so no other message may wait in the same batch.
  slowLaneBatchSize: 1,
  wakeUpBatchSize: 10,
  replayBatchSize: 10,
  crowdedLaneBatchSize: 10,
  // A fair queue needs concurrency: with a very low maximum, one endpoint holds every invocation.
  fastLaneConcurrency: 50,
  slowLaneConcurrency: 50,
  wakeUpConcurrency: 20,
  replayConcurrency: 2,
  crowdedLaneConcurrency: 25,
  projectShare: 0.5,
  console: true,
  apiRequestsPerSecond: 100,
  apiBurst: 200,
};

const SETTINGS: Record<Stage, StageSettings> = {
  local: {
    ...DEV,
    stage: 'local',
    allowLoopback: true,
    wakeUpConcurrency: 4,
    console: false,
  },
  dev: DEV,
  prod: {
    ...DEV,
    stage: 'prod',
    removal: RemovalPolicy.RETAIN,
    logRetentionDays: RetentionDays.THREE_MONTHS,
    allowHttp: false,
    fastLaneConcurrency: 500,
    slowLaneConcurrency: 250,
    wakeUpConcurrency: 200,
    replayConcurrency: 10,
    crowdedLaneConcurrency: 250,
    apiRequestsPerSecond: 2_000,
    apiBurst: 4_000,
  },
};

const FLAGS = ['console', 'auditDeliveries'] as const satisfies readonly (keyof StageSettings)[];
const POLLERS = ['fastLanePollers', 'wakeUpPollers'] as const satisfies readonly (keyof StageSettings)[];
/** AWS's bounds of both numbers (ProvisionedPollerConfig of an SQS queue). */
const FEWEST_POLLERS = 2;
const MOST_MINIMUM_POLLERS = 200;
const MOST_POLLERS = 2_000;

/** The settings of `stage`, with `overrides` on top (the local stack and tests compress time with them). */
export function settingsFor(stage: Stage, overrides: Partial<StageSettings> = {}): StageSettings {
  return { ...SETTINGS[stage], ...overrides };
}

/** The stage of `cdk -c stage=…`, by default `dev`. @throws for a stage that cannot be deployed */
export function deployedStage(named: unknown = 'dev'): Stage {
  const stage = STAGES.find((candidate) => candidate === named);
  if (stage === undefined || stage === 'local') throw new Error(`-c stage=${named}: must be dev or prod`);
  return stage;
}

/** The settings of `cdk -c name=value`. @throws for a value that the setting cannot have */
export function givenSettings(given: (name: string) => unknown): Partial<StageSettings> {
  const alarmEmail = given('alarmEmail');
  const flags = FLAGS.flatMap((name) => {
    const value = given(name);
    if (value === undefined) return [];
    if (!/^(true|false)$/.test(String(value))) throw new Error(`-c ${name}=${value}: must be true or false`);
    return [[name, String(value) === 'true']];
  });
  const pollers = POLLERS.flatMap((name) => {
    const value = given(name);
    return value === undefined ? [] : [[name, pollersOf(name, String(value))]];
  });
  return {
    ...(alarmEmail !== undefined && { alarmEmail: String(alarmEmail) }),
    ...Object.fromEntries([...flags, ...pollers]),
  };
}

function pollersOf(name: string, value: string): Pollers {
  const [minimum, maximum] = (/^(\d{1,4})-(\d{1,4})$/.exec(value) ?? []).slice(1).map(Number);
  const isFit =
    minimum !== undefined &&
    maximum !== undefined &&
    minimum >= FEWEST_POLLERS &&
    minimum <= Math.min(maximum, MOST_MINIMUM_POLLERS) &&
    maximum <= MOST_POLLERS;
  if (isFit) return { minimum, maximum };
  throw new Error(`-c ${name}=${value}: must be two numbers such as 10-50: 2 to 200 pollers at least, up to 2000`);
}
