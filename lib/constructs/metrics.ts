import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';
import type { StageSettings } from '../config.js';

const PERIOD = Duration.minutes(5);

/** The metrics that functions print in embedded metric format; `functions/primitives/metrics.ts` has their names. */
export class PunctualMetrics {
  constructor(private readonly settings: Pick<StageSettings, 'stage'>) {}

  /** Number of events in five minutes. */
  count(metricName: string): Metric {
    return this.metric(metricName, 'Sum');
  }

  /** `p50`, `p99`, `Maximum` … of measured milliseconds. */
  measured(metricName: 'latency_ms' | 'lateness_ms', statistic: string): Metric {
    return this.metric(metricName, statistic).with({ label: `${metricName} ${statistic}` });
  }

  /** Failed attempts per attempt, 0 to 1; 0 if there are fewer than `minimum` attempts in five minutes. */
  failureRatio(minimum: number): MathExpression {
    return new MathExpression({
      expression: `IF(FILL(failed, 0) + FILL(delivered, 0) < ${minimum}, 0, FILL(failed, 0) / (FILL(failed, 0) + FILL(delivered, 0)))`,
      usingMetrics: { failed: this.count('failed_attempts'), delivered: this.count('delivered') },
      label: 'failed attempts per attempt',
      period: PERIOD,
    });
  }

  private metric(metricName: string, statistic: string): Metric {
    const dimensionsMap = { stage: this.settings.stage };
    return new Metric({ namespace: 'Punctual', metricName, dimensionsMap, statistic, period: PERIOD });
  }
}

/** What a graph calls a part: its path, without the id `Default`, which CDK leaves out of logical ids too. */
export function labelOf({ node }: IConstruct): string {
  return node.path.replace('/Default/', '/');
}

/** The sum of several metrics, for one alarm; the dashboard shows each metric. */
export function sumOf(metrics: readonly IMetric[], label: string): MathExpression {
  const usingMetrics = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
  return new MathExpression({ expression: 'SUM(METRICS())', usingMetrics, label, period: PERIOD });
}

/**
 * Number of EventBridge schedules in this account and Region, of all stacks (Scheduler User Guide, "EventBridge
 * Scheduler usage metrics": counted resources have the type `Resource`; schedules outnumber their groups by far).
 */
export function armedSchedules(): MathExpression {
  return new MathExpression({
    expression: `SELECT MAX(ResourceCount) FROM "AWS/Usage" WHERE Service = 'Scheduler' AND "Type" = 'Resource'`,
    usingMetrics: {},
    label: 'schedules in EventBridge Scheduler',
    period: PERIOD,
  });
}
