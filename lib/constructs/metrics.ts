import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { StageSettings } from '../config.js';

const PERIOD = Duration.minutes(5);

/** What the functions print in embedded metric format: their names are written in `functions/primitives/metrics.ts`. */
export class PunctualMetrics {
  constructor(private readonly settings: Pick<StageSettings, 'stage'>) {}

  /** How often it happened in five minutes. */
  count(metricName: string): Metric {
    return this.metric(metricName, 'Sum');
  }

  /** `p50`, `p99`, `Maximum` … of measured milliseconds. */
  measured(metricName: 'latency_ms' | 'lateness_ms', statistic: string): Metric {
    return this.metric(metricName, statistic).with({ label: `${metricName} ${statistic}` });
  }

  /** Failed attempts per attempt, 0 to 1; below `minimum` attempts in five minutes it says nothing, and is 0. */
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

/** All of them together, where an alarm need not say which it was: the dashboard does. */
export function sumOf(metrics: readonly IMetric[], label: string): MathExpression {
  const usingMetrics = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
  return new MathExpression({ expression: 'SUM(METRICS())', usingMetrics, label, period: PERIOD });
}

/**
 * Schedules of EventBridge Scheduler in this account and Region, of all stacks together (Scheduler User Guide, "EventBridge
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
