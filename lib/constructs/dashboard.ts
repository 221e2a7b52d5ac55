import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { nameOf, type StageSettings } from '../config.js';
import { armedSchedules, labelOf, type PunctualMetrics } from './metrics.js';
import type { Watched } from './watched.js';

/** Columns; a dashboard has 24. */
const THIRD = 8;

/** The dashboard: deliveries, their lateness, failures, and stuck work. */
export class Overview extends Construct {
  constructor(
    scope: Construct,
    id: string,
    settings: Pick<StageSettings, 'stage'>,
    watched: Watched,
    metrics: PunctualMetrics,
    alarms: readonly Alarm[],
  ) {
    super(scope, id);
    new Dashboard(this, 'Dashboard', {
      dashboardName: nameOf(settings),
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height: 3 })],
        ...row('Is it delivering?', delivering(watched, metrics)),
        ...row('How late?', lateness(watched, metrics)),
        ...row('What is failing?', failing(watched, metrics)),
        [failedRuns(watched)],
        ...row('What is stuck?', stuck(watched, metrics)),
      ],
    });
  }
}

function row(question: string, widgets: IWidget[]): IWidget[][] {
  return [[new TextWidget({ markdown: `## ${question}`, width: 24, height: 1 })], widgets];
}

function graph(title: string, left: IMetric[], right: IMetric[] = []): GraphWidget {
  return new GraphWidget({ title, left, right, width: THIRD, leftYAxis: { min: 0 } });
}

function delivering({ front, functions }: Watched, metrics: PunctualMetrics): GraphWidget[] {
  return [
    graph('Accepted and delivered', [metrics.count('accepted'), metrics.count('delivered')]),
    graph('API requests, and answers with 5xx', [front.requests()], [front.serverErrors()]),
    graph(
      'Concurrent executions',
      functions.map((fn) => fn.metric('ConcurrentExecutions', { statistic: 'Maximum', label: labelOf(fn) })),
    ),
  ];
}

function lateness({ lanes, wakeUps, replay, intake }: Watched, metrics: PunctualMetrics): GraphWidget[] {
  const queues = [...lanes.map(({ queue }) => queue), wakeUps.queue, replay, ...(intake ? [intake.queue] : [])];
  const statistics = ['p50', 'p99', 'Maximum'];
  return [
    graph(
      'After the due moment, ms',
      statistics.map((statistic) => metrics.measured('lateness_ms', statistic)),
    ),
    graph(
      'Calls, ms',
      statistics.map((statistic) => metrics.measured('latency_ms', statistic)),
    ),
    graph(
      'Oldest message, s',
      queues.map((queue) => queue.age().with({ label: labelOf(queue) })),
    ),
  ];
}

function failing({ functions }: Watched, metrics: PunctualMetrics): GraphWidget[] {
  const counts = ['failed_attempts', 'retried', 'dead_lettered', 'skipped'].map((name) => metrics.count(name));
  return [
    graph('Attempts and runs', counts),
    graph('Failed attempts per attempt', [metrics.failureRatio(1)]),
    graph(
      'Functions: errors, and throttles',
      [...functions.map((fn) => fn.metricErrors({ label: labelOf(fn) })), metrics.count('failed_messages')],
      functions.map((fn) => fn.metricThrottles({ label: `${labelOf(fn)} throttled` })),
    ),
  ];
}

/** The first noted failure of each batch, from the lines that carry the metrics. */
function failedRuns({ lanes }: Watched): LogQueryWidget {
  const names = ['project', 'run', 'attempt', 'status', 'because'].map((name) => `unsuccessful.0.${name} as ${name}`);
  return new LogQueryWidget({
    title: 'Failed attempts and dead letters (the first of each batch)',
    logGroupNames: lanes.map(({ deliverer }) => deliverer.logGroup.logGroupName),
    view: LogQueryVisualizationType.TABLE,
    queryLines: [
      `fields @timestamp, ${names.join(', ')}`,
      'filter ispresent(unsuccessful.0.run)',
      'sort @timestamp desc',
      'limit 20',
    ],
    width: 24,
  });
}

function stuck({ lanes, wakeUps, replay, deadLetters, intake }: Watched, metrics: PunctualMetrics): GraphWidget[] {
  const [intakeQueue, intakeDlq] = intake ? [[intake.queue], [intake.deadLetters]] : [[], []];
  const waiting = [...lanes.map(({ queue }) => queue), wakeUps.queue, replay, ...intakeQueue];
  const dead = [...lanes.map(({ deadLetters: dlq }) => dlq), wakeUps.deadLetters, deadLetters, ...intakeDlq];
  const odd = [
    'deferred',
    'held',
    'crowded',
    'rearmed',
    'hop_cap_reached',
    'stuck_messages',
    'unknown_messages',
    'poison_buried',
    'sign_ins_failed',
    'refused_messages',
    'redriven',
    'sweep_failures',
    'swept',
  ];
  const counts = odd.map((name) => metrics.count(name));
  return [
    graph(
      'Messages that wait',
      waiting.map((queue) => queue.depth()),
    ),
    graph(
      'Messages in DLQs',
      dead.map((queue) => queue.depth()),
    ),
    graph('Put back, sent again, given up; schedules armed', [...counts, wakeUps.lost()], [armedSchedules()]),
  ];
}
