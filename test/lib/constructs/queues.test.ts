import { settingsFor } from '../../../lib/config.js';
import { deployed, ofType, pointsAt, type StageTemplate, templateOf } from '../synthesized.js';

const QUEUE = 'AWS::SQS::Queue';
const FOURTEEN_DAYS = 14 * 24 * 60 * 60;

/** Queue → where SQS moves what is received again and again without success, as a last resort. */
const REDRIVE = {
  FastLaneQueue: 'FastLaneDlq',
  SlowLaneQueue: 'SlowLaneDlq',
  CrowdedLaneQueue: 'CrowdedLaneDlq',
  WakeUpsQueue: 'WakeUpsDlq',
  // Named so that a move task may start at `dead-letters`; SQS itself hardly ever uses it.
  Replay: 'DeadLetters',
};

const CONSUMERS = {
  FastLaneQueue: { consumer: 'FastLaneDeliverer', batchSize: 10, concurrency: { dev: 50, prod: 500 } },
  SlowLaneQueue: { consumer: 'SlowLaneDeliverer', batchSize: 1, concurrency: { dev: 50, prod: 250 } },
  CrowdedLaneQueue: { consumer: 'CrowdedLaneDeliverer', batchSize: 10, concurrency: { dev: 25, prod: 250 } },
  WakeUpsQueue: { consumer: 'Dispatcher', batchSize: 10, concurrency: { dev: 20, prod: 200 } },
  Replay: { consumer: 'Dispatcher', batchSize: 10, concurrency: { dev: 2, prod: 10 } },
};

describe.each(deployed)('queues of $stage', (template) => {
  const queues = ofType(template, QUEUE);

  test('are the ten we know', () => {
    expect(Object.keys(queues).sort()).toEqual([...Object.keys(REDRIVE), ...Object.values(REDRIVE)].sort());
  });

  test.each(Object.entries(queues))('%s keeps its messages for 14 days, encrypted, and is no FIFO', (_, queue) => {
    expect(queue.Properties).toMatchObject({ MessageRetentionPeriod: FOURTEEN_DAYS, SqsManagedSseEnabled: true });
    expect(queue.Properties.FifoQueue).toBeUndefined();
    expect(queue.DeletionPolicy).toBe(template.stage === 'prod' ? 'RetainExceptOnCreate' : 'Delete');
  });

  test.each(Object.keys(queues))('%s refuses what does not come over TLS', (name) => {
    const policies = Object.values(ofType(template, 'AWS::SQS::QueuePolicy'));
    const own = policies.filter(({ Properties }) => pointsAt(Properties.Queues[0]) === name);
    expect(own).toHaveLength(1);
    expect(own[0]?.Properties.PolicyDocument.Statement).toEqual([
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    ]);
  });

  test.each(Object.entries(REDRIVE))('%s gives a message up to %s after fifty receives', (name, dlq) => {
    const { deadLetterTargetArn, maxReceiveCount } = queues[name]?.Properties.RedrivePolicy ?? {};
    expect([pointsAt(deadLetterTargetArn), maxReceiveCount]).toEqual([dlq, 50]);
  });

  test('no DLQ has a DLQ', () => {
    for (const dlq of Object.values(REDRIVE)) expect(queues[dlq]?.Properties.RedrivePolicy).toBeUndefined();
  });
});

describe.each(deployed)('event source mappings of $stage', (template) => {
  const mappings = mappingsByQueue(template);

  test('are one for each queue that is worked off', () => {
    expect([...mappings.keys()].sort()).toEqual(Object.keys(CONSUMERS).sort());
  });

  test.each(Object.entries(CONSUMERS))('%s', (name, { consumer, batchSize, concurrency }) => {
    const mapping = mappings.get(name);
    expect(pointsAt(mapping.FunctionName)).toBe(consumer);
    expect(mapping).toMatchObject({
      BatchSize: batchSize,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: concurrency[template.stage as 'dev' | 'prod'] },
    });
  });

  test('none gathers batches: a quiet queue would wait up to 20 s', () => {
    for (const mapping of mappings.values()) expect(mapping.MaximumBatchingWindowInSeconds).toBeUndefined();
  });

  test('a message stays invisible for six times as long as its function may run', () => {
    for (const [queue, mapping] of mappings) {
      const timeout = ofType(template, 'AWS::Lambda::Function')[pointsAt(mapping.FunctionName) as string]?.Properties
        .Timeout;
      expect(ofType(template, QUEUE)[queue]?.Properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * timeout);
    }
  });
});

describe('provisioned pollers', () => {
  test.each(deployed)('are not in $stage by default, since they cost by the hour', (template) => {
    for (const mapping of mappingsByQueue(template).values()) expect(mapping.ProvisionedPollerConfig).toBeUndefined();
  });

  test('replace the maximum concurrency of their queue alone: AWS refuses both together', () => {
    const fastLanePollers = { minimum: 10, maximum: 50 };
    const wakeUpPollers = { minimum: 3, maximum: 20 };
    const mappings = mappingsByQueue(templateOf(settingsFor('prod', { fastLanePollers, wakeUpPollers })));
    const scalingOf = (name: string) => {
      const { ProvisionedPollerConfig, ScalingConfig } = mappings.get(name);
      return { ProvisionedPollerConfig, ScalingConfig };
    };
    expect(scalingOf('FastLaneQueue')).toEqual({ ProvisionedPollerConfig: { MinimumPollers: 10, MaximumPollers: 50 } });
    expect(scalingOf('WakeUpsQueue')).toEqual({ ProvisionedPollerConfig: { MinimumPollers: 3, MaximumPollers: 20 } });
    expect(scalingOf('SlowLaneQueue')).toEqual({ ScalingConfig: { MaximumConcurrency: 250 } });
    expect(scalingOf('Replay')).toEqual({ ScalingConfig: { MaximumConcurrency: 10 } });
  });
});

describe('queues that are there already', () => {
  const fastLane = { queue: 'Punctual-prod-FastLaneQueue7AF4C-Old', dlq: 'Punctual-prod-FastLaneDlq1B2C-Old' };
  const replay = { queue: 'Punctual-prod-Replay994F-Old', dlq: 'Punctual-prod-DeadLetters3D4E-Old' };
  const template = templateOf(settingsFor('prod', { existing: { queues: { fastLane, replay } } }));
  const names = [...Object.values(fastLane), ...Object.values(replay)];
  const text = (type: string, id: string) => JSON.stringify(ofType(template, type)[id]);

  test('are not made, and the others are', () => {
    const made = Object.keys(ofType(template, QUEUE)).sort();
    const others = ['CrowdedLaneDlq', 'CrowdedLaneQueue', 'SlowLaneDlq', 'SlowLaneQueue', 'WakeUpsDlq', 'WakeUpsQueue'];
    expect(made).toEqual(others);
  });

  test('are worked off as those of the stack', () => {
    const mappings = Object.values(ofType(template, 'AWS::Lambda::EventSourceMapping'));
    const sources = mappings.map(({ Properties }) => JSON.stringify(Properties.EventSourceArn)).join();
    expect(mappings).toHaveLength(Object.keys(CONSUMERS).length);
    expect(sources).toContain(`:${fastLane.queue}"`);
    expect(sources).toContain(`:${replay.queue}"`);
  });

  test('are what functions and EventBridge Scheduler send to', () => {
    const { Variables } = ofType(template, 'AWS::Lambda::Function')['Reconciler']?.Properties.Environment ?? {};
    expect(JSON.stringify(Variables.FAST_LANE_URL)).toContain(`/${fastLane.queue}"`);
    expect(JSON.stringify(Variables.FAST_LANE_ARN)).toContain(`:${fastLane.queue}"`);
    expect(JSON.stringify(Variables.FAST_LANE_DLQ_URL)).toContain(`/${fastLane.dlq}"`);
    expect(JSON.stringify(Variables.DEAD_LETTERS_QUEUE_URL)).toContain(`/${replay.dlq}"`);
    expect(text('AWS::IAM::Policy', 'WakeUpsRoleDefaultPolicy')).toContain(`:${fastLane.queue}"`);
    expect(text('AWS::IAM::Policy', 'FastLaneDelivererRoleDefaultPolicy')).toContain(`:${fastLane.queue}"`);
  });

  test('are watched, and are outputs', () => {
    expect(text('AWS::CloudWatch::Alarm', 'MonitoringAlarmsFastLaneDlq')).toContain(`"Value":"${fastLane.dlq}"`);
    expect(text('AWS::CloudWatch::Alarm', 'MonitoringAlarmsReplayBacklog')).toContain(`"Value":"${replay.queue}"`);
    expect(JSON.stringify(template.outputs['ReplayQueueUrl'])).toContain(`/${replay.queue}"`);
  });

  test.each(names)('%s refuses what does not come over TLS', (name) => {
    const policies = Object.values(ofType(template, 'AWS::SQS::QueuePolicy')).map((policy) => JSON.stringify(policy));
    const [own, ...more] = policies.filter((policy) => policy.includes(`/${name}"`));
    expect(more).toEqual([]);
    expect(own).toMatch(/"Action":"sqs:\*","Condition":\{"Bool":\{"aws:SecureTransport":"false"\}\},"Effect":"Deny"/);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: CloudFormation's own JSON.
function mappingsByQueue(template: StageTemplate): Map<string, any> {
  const mappings = Object.values(ofType(template, 'AWS::Lambda::EventSourceMapping'));
  return new Map(mappings.map(({ Properties }) => [pointsAt(Properties.EventSourceArn) as string, Properties]));
}
