import { Duration, Validations } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { nameOf, type StageSettings } from '../config.js';
import { armedSchedules, type PunctualMetrics, sumOf } from './metrics.js';
import type { PunctualFunction } from './punctual-function.js';
import type { Watched } from './watched.js';

/** A message older than this is backlog; a delay of 15 minutes and a visibility timeout are not. */
const OLDEST_SECONDS = 30 * 60;
/** A cold start takes less; a call that a rule of its project made wait is not measured. */
const LATE_MS = 2_000;
/** Half an hour: what comes back every quarter of an hour, such as a message that keeps failing, rings once. */
const LOOKS_BACK = 6;
/**
 * Dead letters in an hour. Fewer are the matter of one endpoint, whose project hears of them by the notification
 * `job.failed`.
 */
const MANY_DEAD_LETTERS = 20;
/** Throttled calls of a table in five minutes. The SDK tries again, so single ones delay nothing. */
const MANY_THROTTLES = 100;
const SLOW_ANSWER_MS = 5_000;
/** Limit of the alarm; the default quota of an account and Region is 10 million. */
const MANY_SCHEDULES = 8_000_000;
/** Fewest attempts for a ratio: below, one endpoint that is down would raise the alarm; its dead letters show it. */
const ENOUGH_ATTEMPTS = 20;
/**
 * The alarms on which CloudFormation rolls a deployment back, five at most. What an endpoint, a project or the traffic can cause
 * is not among them.
 */
const OF_A_BAD_DEPLOY = ['Api5xx', 'FunctionErrors', 'FailedMessages', 'StuckMessages'];
/** Twice what one address can try: a person who mistypes a key does not raise the alarm. */
const MANY_FAILED_SIGN_INS = 20;

interface Watch {
  readonly id: string;
  /** Heading of the section in docs/runbook.md. */
  readonly section: string;
  readonly metric: IMetric;
  /** The alarm rings if the metric reaches this limit … */
  readonly limit: number;
  /** … in this many (1 unless given) … */
  readonly times?: number;
  /** … of the last so many periods, `LOOKS_BACK` unless given. A period is five minutes unless the metric has its own. */
  readonly periods?: number;
  /** The alarm rings if the metric stays below the limit or is missing. */
  readonly isMissed?: boolean;
  /** The alarm can wait until the next working day: acknowledged work is not in danger. */
  readonly isNotice?: boolean;
}

export interface AlarmTopics {
  readonly urgent: ITopic;
  readonly notices: ITopic;
}

/**
 * All alarms: each names its section in the runbook. A notice does not say when it is over. One that is urgent says so when
 * half an hour has passed without its cause.
 */
export class Alarms extends Construct {
  readonly all: readonly Alarm[];
  readonly ofABadDeploy: readonly Alarm[];

  constructor(
    scope: Construct,
    id: string,
    private readonly settings: Pick<StageSettings, 'stage'>,
    watched: Watched,
    metrics: PunctualMetrics,
    topics: AlarmTopics,
  ) {
    super(scope, id);
    const watches = [...queueWatches(watched), ...deliveryWatches(metrics), ...platformWatches(watched, metrics)];
    this.all = watches.map((watch) => {
      const alarm = this.alarm(watch);
      alarm.addAlarmAction(new SnsAction(watch.isNotice ? topics.notices : topics.urgent));
      if (!watch.isNotice) alarm.addOkAction(new SnsAction(topics.urgent));
      return alarm;
    });
    this.ofABadDeploy = this.all.filter(({ node }) => OF_A_BAD_DEPLOY.includes(node.id));
  }

  /** The function lists alarms by the beginning of their names; CloudWatch may refuse that to readers of single alarms. */
  grantRead(fn: PunctualFunction): void {
    fn.addToRolePolicy(new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }));
    Validations.of(fn.role!).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'The list of alarms is asked for by the beginning of their names; the action reads, and changes nothing.',
    });
  }

  private alarm({ id, section, metric, limit, times = 1, periods = LOOKS_BACK, isMissed = false }: Watch): Alarm {
    return new Alarm(this, id, {
      alarmName: alarmPrefix(this.settings) + id,
      alarmDescription: `${section}: see docs/runbook.md#${anchorOf(section)}`,
      metric,
      threshold: limit,
      datapointsToAlarm: times,
      evaluationPeriods: periods,
      comparisonOperator: isMissed
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: isMissed ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
  }
}

/** What the names of a stage's alarms begin with. */
export const alarmPrefix = (settings: Pick<StageSettings, 'stage'>): string => `${nameOf(settings)}-`;

/** The anchor that GitHub makes from a heading. */
function anchorOf(section: string): string {
  return section
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
}

function queueWatches({ lanes, wakeUps, replay, deadLetters, intake }: Watched): Watch[] {
  const laneQueues = Object.fromEntries(lanes.map(({ node, queue }) => [node.id, queue]));
  const oldest = { ...laneQueues, WakeUps: wakeUps.queue, Replay: replay, ...(intake && { Intake: intake.queue }) };
  return [
    ...lanes.map(({ node, deadLetters: dlq }) => ({
      id: `${node.id}Dlq`,
      section: "A lane's DLQ is not empty",
      metric: dlq.depth(),
      limit: 1,
    })),
    { id: 'WakeUpsDlq', section: 'The wake-up DLQ is not empty', metric: wakeUps.deadLetters.depth(), limit: 1 },
    // What was refused is the matter of its sender, and stays for 14 days.
    ...(intake
      ? [
          {
            id: 'IntakeDlq',
            section: 'The intake DLQ is not empty',
            metric: intake.deadLetters.depth(),
            limit: 1,
            isNotice: true,
          },
        ]
      : []),
    // The alarm counts messages sent, not the depth: a replay by API cannot remove the copy from the queue.
    {
      id: 'DeadLetters',
      section: 'Dead letters pile up',
      metric: deadLetters.queue.metricNumberOfMessagesSent({ statistic: 'Sum', period: Duration.hours(1) }),
      limit: MANY_DEAD_LETTERS,
      isNotice: true,
    },
    ...Object.entries(oldest).map(([name, queue]) => ({
      id: `${name}Backlog`,
      section: 'A queue has a backlog',
      metric: queue.age(),
      limit: OLDEST_SECONDS,
    })),
  ];
}

function deliveryWatches(metrics: PunctualMetrics): Watch[] {
  const late = { section: 'Deliveries are late', metric: metrics.measured('lateness_ms', 'p99'), limit: LATE_MS };
  const failing = { section: 'Many attempts fail', metric: metrics.failureRatio(ENOUGH_ATTEMPTS), limit: 0.5 };
  const hops = { section: 'A message was put back too often', metric: metrics.count('hop_cap_reached'), limit: 1 };
  const rearmed = { section: 'Wake-ups were armed again', metric: metrics.count('rearmed'), limit: 1 };
  const sweep = 'The reconciler does not get round';
  return [
    { id: 'Lateness', ...late, times: 3 },
    { id: 'FailureRatio', ...failing, times: 3, isNotice: true },
    { id: 'HopCap', ...hops, isNotice: true },
    { id: 'Rearmed', ...rearmed, isNotice: true },
    // A round ends every quarter of an hour. After the first deployment the alarm rings until the first round ends.
    {
      id: 'NotSwept',
      section: sweep,
      metric: metrics.count('swept'),
      limit: 1,
      times: 12,
      periods: 12,
      isMissed: true,
    },
    { id: 'SweepFailures', section: sweep, metric: metrics.count('sweep_failures'), limit: 1 },
  ];
}

function platformWatches({ front, functions, tables, wakeUps }: Watched, metrics: PunctualMetrics): Watch[] {
  const errors = functions.map((fn) => fn.metricErrors());
  const throttles = functions.map((fn) => fn.metricThrottles());
  return [
    {
      id: 'ApiLatency',
      section: 'The API is slow',
      metric: front.latency('p99'),
      limit: SLOW_ANSWER_MS,
      times: 3,
      isNotice: true,
    },
    {
      id: 'TableThrottles',
      section: 'A table is throttled',
      metric: sumOf(
        tables.flatMap((table) => table.throttles()),
        'throttled calls',
      ),
      limit: MANY_THROTTLES,
    },
    {
      id: 'SchedulerThrottles',
      section: 'The Scheduler is throttled',
      metric: wakeUps.throttled(),
      limit: 1,
      times: 3,
      isNotice: true,
    },
    { id: 'Api5xx', section: 'The API answers 5xx', metric: front.serverErrors(), limit: 5 },
    {
      id: 'SignInsFailed',
      section: 'Sign-ins fail',
      metric: metrics.count('sign_ins_failed'),
      limit: MANY_FAILED_SIGN_INS,
    },
    // One crash or throttle, of which the message comes back, is no matter for a night.
    { id: 'FunctionErrors', section: 'Functions fail', metric: sumOf(errors, 'errors'), limit: 1, times: 2 },
    {
      id: 'FunctionThrottles',
      section: 'Functions are throttled',
      metric: sumOf(throttles, 'throttles'),
      limit: 1,
      times: 2,
    },
    // A failed message is no error of its function: the message is sent again.
    { id: 'FailedMessages', section: 'Functions fail', metric: metrics.count('failed_messages'), limit: 10 },
    { id: 'StuckMessages', section: 'A message keeps failing', metric: metrics.count('stuck_messages'), limit: 1 },
    { id: 'Poison', section: 'A message keeps failing', metric: metrics.count('poison_buried'), limit: 1 },
    {
      id: 'UnknownMessages',
      section: 'A message of another release waits',
      metric: metrics.count('unknown_messages'),
      limit: 1,
    },
    { id: 'LostWakeUps', section: 'Wake-ups were armed again', metric: wakeUps.lost(), limit: 1 },
    {
      id: 'Schedules',
      section: 'Schedules are near their quota',
      metric: armedSchedules(),
      limit: MANY_SCHEDULES,
      isNotice: true,
    },
  ];
}
