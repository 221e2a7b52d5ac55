import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

const STAGES = ['local', 'dev', 'prod'] as const;

/** `local` runs on a laptop and is never deployed; `dev` may be thrown away; `prod` keeps what it acknowledged. */
export type Stage = (typeof STAGES)[number];

/** Everything in which one stage differs from another. Durations are whole seconds unless the name says otherwise. */
export interface StageSettings {
  readonly stage: Stage;
  /** For all that holds acknowledged work (tables, queues, wake-ups) and the logs; RETAIN also protects against deletion. */
  readonly removal: RemovalPolicy.DESTROY | RemovalPolicy.RETAIN;
  readonly logRetentionDays: RetentionDays;
  /** Who gets the alarms by mail (and confirms that once); anybody else may subscribe to the topic. */
  readonly alarmEmail?: string;
  /** How long task runs, delivery attempts and events are kept. */
  readonly retentionDays: number;
  /** Whether endpoints may be plain `http:`. */
  readonly allowHttp: boolean;
  /** Whether endpoints may be on 127.0.0.1: only ever in the local stack. */
  readonly allowLoopback: boolean;
  /** Whether the audit also tells the outcome of every delivery attempt: one write more each ($0.63 per million). */
  readonly auditDeliveries: boolean;
  /** What a claim's lease lasts beyond the call's own timeout. */
  readonly leaseMarginSeconds: number;
  /** How long a request holds its Idempotency-Key: as long as the api function can run. */
  readonly requestLeaseSeconds: number;
  /** The longest wait for the due moment that is spent inside a function instead of in a queue. */
  readonly holdSeconds: number;
  /**
   * Receives of one message after which SQS moves it to the queue's DLQ. A last resort: the count also rises while Lambda
   * throttles, and code counts the failures that it sees by itself.
   */
  readonly maxReceives: number;
  /** A message whose handling failed comes back this much later, and each time after twice as long … */
  readonly failedAgainSeconds: number;
  /** … up to this. */
  readonly failedAgainMostSeconds: number;
  /** A message that our own code fails on for so long, while other messages succeed, is poison: its run ends. */
  readonly poisonAfterSeconds: number;
  /** Claims of one delivery attempt after the first, each because the worker before died. */
  readonly maxReclaims: number;
  /** Re-enqueues of one message in a row: the brake in place of Lambda's recursion detection. */
  readonly maxHops: number;
  /** The visibility timeout of a queue, in timeouts of the function that works it off: Lambda asks for six. */
  readonly visibilityTimeouts: number;
  readonly fastLaneBatchSize: number;
  readonly slowLaneBatchSize: number;
  readonly wakeUpBatchSize: number;
  readonly replayBatchSize: number;
  /** Most concurrent invocations per queue, 2 to 1,000 (EventSourceMapping ScalingConfig). */
  readonly fastLaneConcurrency: number;
  readonly slowLaneConcurrency: number;
  readonly wakeUpConcurrency: number;
  readonly replayConcurrency: number;
  /** Whether the console is deployed with it: a bucket, and a distribution before both. The local stack serves it itself. */
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
  // Long enough that a release which fails on some of the work is noticed and rolled back.
  poisonAfterSeconds: 24 * 60 * 60,
  maxReclaims: 2,
  maxHops: 500,
  visibilityTimeouts: 6,
  fastLaneBatchSize: 10,
  // A slow call holds its invocation for minutes: nothing else may wait behind it.
  slowLaneBatchSize: 1,
  wakeUpBatchSize: 10,
  replayBatchSize: 10,
  // Fair queues need room to be fair: a very low maximum lets one endpoint hold every slot.
  fastLaneConcurrency: 50,
  slowLaneConcurrency: 50,
  wakeUpConcurrency: 20,
  replayConcurrency: 2,
  console: true,
  apiRequestsPerSecond: 100,
  apiBurst: 200,
};

const SETTINGS: Record<Stage, StageSettings> = {
  local: {
    ...DEV,
    stage: 'local',
    allowLoopback: true,
    // What waits out its last two seconds in a function holds an environment: this many make fifty fires a second.
    fastLaneConcurrency: 12,
    slowLaneConcurrency: 8,
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
    apiRequestsPerSecond: 2_000,
    apiBurst: 4_000,
  },
};

const FLAGS = ['console', 'auditDeliveries'] as const satisfies readonly (keyof StageSettings)[];

/** The settings of `stage`, with `overrides` on top (the local stack and tests compress time with them). */
export function settingsFor(stage: Stage, overrides: Partial<StageSettings> = {}): StageSettings {
  return { ...SETTINGS[stage], ...overrides };
}

/** The stage that `cdk -c stage=…` names, `dev` when it names none; throws for what cannot be deployed. */
export function deployedStage(named: unknown = 'dev'): Stage {
  const stage = STAGES.find((candidate) => candidate === named);
  if (stage === undefined || stage === 'local') throw new Error(`-c stage=${named}: must be dev or prod`);
  return stage;
}

/** What `cdk -c name=value` changes of a stage's settings; throws for a value that says neither yes nor no. */
export function givenSettings(given: (name: string) => unknown): Partial<StageSettings> {
  const alarmEmail = given('alarmEmail');
  const flags = FLAGS.flatMap((name) => {
    const value = given(name);
    if (value === undefined) return [];
    if (!/^(true|false)$/.test(String(value))) throw new Error(`-c ${name}=${value}: must be true or false`);
    return [[name, String(value) === 'true']];
  });
  return { ...(alarmEmail !== undefined && { alarmEmail: String(alarmEmail) }), ...Object.fromEntries(flags) };
}
