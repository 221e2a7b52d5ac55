import type { Log } from './execution-environment.js';
import type { FunctionPool } from './function-pool.js';
import { queueClient } from './queue-client.js';
import { type QueueMapping, QueuePoller } from './queue-poller.js';
import { type RateRule, rateMs, startRateTimer } from './rate-timer.js';
import { type CloudFormationTemplate, type PhysicalResources, type Resource, resourcesOf } from './template.js';

export interface EventSourceOptions {
  readonly template: CloudFormationTemplate;
  readonly physical: PhysicalResources;
  readonly sqsUrl: string;
  /** The pool of a function by its ARN or name. */
  readonly functionFor: (arnOrName: string) => FunctionPool | undefined;
  readonly log: Log;
  /** Most messages of one receive. */
  readonly receivesAtMost?: number | undefined;
}

export interface EventSources {
  /** Stops every source; with `drain` waits for the batches under way. */
  close(options?: { drain?: boolean }): Promise<void>;
}

/** Connects queues and rules to functions, as the template's event source mappings, rules and schedules say. */
export function startEventSources(options: EventSourceOptions): EventSources {
  const { receivesAtMost } = options;
  const pollers = mappingsOf(options).map(({ mapping, pool, queueUrl }) => {
    return new QueuePoller({ ...mapping, receivesAtMost }, queueClient(options.sqsUrl, queueUrl), pool, options.log);
  });
  const stops = rulesOf(options).map(({ rule, pool }) => startRateTimer(rule, pool, options.log));
  return {
    async close({ drain = false } = {}) {
      for (const stop of stops) stop();
      await Promise.all(pollers.map((poller) => poller.close()));
      if (drain) await Promise.all(pollers.map((poller) => poller.drained()));
    },
  };
}

function mappingsOf({ template, physical, functionFor }: EventSourceOptions) {
  const queueUrls = new Map([...physical.values()].map(({ ref, attributes }) => [attributes?.['Arn'], ref]));
  return resourcesOf(template, physical, 'AWS::Lambda::EventSourceMapping')
    .filter(({ properties }) => properties.Enabled !== false)
    .map((resource) => {
      const pool = functionFor(resource.properties.FunctionName);
      const queueUrl = queueUrls.get(resource.properties.EventSourceArn);
      if (!pool || !queueUrl) throw new Error(`${resource.logicalId}: needs a queue and a function of this template`);
      return { mapping: queueMapping(resource, pool), pool, queueUrl };
    });
}

function queueMapping({ logicalId, properties }: Resource, pool: FunctionPool): QueueMapping {
  if (properties.FilterCriteria) throw new Error(`${logicalId}: FilterCriteria is not supported locally`);
  const batchSize = properties.BatchSize ?? 10;
  const windowSeconds = properties.MaximumBatchingWindowInSeconds ?? 0;
  if (batchSize > 10 && windowSeconds < 1) throw new Error(`${logicalId}: a batch size over 10 needs a window of 1 s`);
  return {
    queueArn: properties.EventSourceArn,
    batchSize,
    windowSeconds,
    // A message that waits for an environment would only use up its visibility timeout.
    maximumConcurrency: Math.min(properties.ScalingConfig?.MaximumConcurrency ?? pool.limit, pool.limit),
    reportsFailures: (properties.FunctionResponseTypes ?? []).includes('ReportBatchItemFailures'),
  };
}

function rulesOf({ template, physical, functionFor }: EventSourceOptions): { rule: RateRule; pool: FunctionPool }[] {
  const rules = resourcesOf(template, physical, 'AWS::Events::Rule').flatMap(({ logicalId, properties }) =>
    (properties.Targets as Record<string, string>[]).map((target) => ({ logicalId, properties, target })),
  );
  const schedules = resourcesOf(template, physical, 'AWS::Scheduler::Schedule').map(({ logicalId, properties }) => {
    return { logicalId, properties, target: properties.Target as Record<string, string> };
  });
  return [...rules, ...schedules]
    .filter(({ properties }) => properties.State !== 'DISABLED')
    .map(({ logicalId, properties, target }) => {
      const pool = functionFor(target['Arn'] ?? '');
      if (!pool) throw new Error(`${logicalId}: its target is no function of this template`);
      const rule: RateRule = {
        arn: physical.get(logicalId)?.attributes?.['Arn'] ?? logicalId,
        periodMs: rateMs(properties.ScheduleExpression ?? 'none'),
        source: properties.Target ? 'aws.scheduler' : 'aws.events',
        ...(target['Input'] !== undefined && { input: target['Input'] }),
      };
      return { rule, pool };
    });
}
