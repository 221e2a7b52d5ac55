import { join } from 'node:path';
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import { version } from '../package.json';
import type { FunctionName } from './bundles.js';
import type { StageSettings } from './config.js';
import { Console } from './constructs/console.js';
import { DurableQueue } from './constructs/durable-queue.js';
import { HttpFront } from './constructs/http-front.js';
import { Lane } from './constructs/lane.js';
import { Monitoring } from './constructs/monitoring.js';
import { PunctualFunction } from './constructs/punctual-function.js';
import { Secrets } from './constructs/secrets.js';
import { Storage } from './constructs/storage.js';
import { WakeUps } from './constructs/wake-ups.js';
import { WorkQueue } from './constructs/work-queue.js';

export interface PunctualStackProps extends StackProps {
  readonly settings: StageSettings;
  /** Folder with `<function>/handler.js` of every function. */
  readonly bundles: string;
  /** Folder of the built console, if the settings deploy the console. */
  readonly consoleFiles?: string;
}

/** The whole system: functions, their queues, and permissions (each grant also sets the function's environment). */
export class PunctualStack extends Stack {
  constructor(scope: Construct, id: string, { settings, bundles, consoleFiles, ...props }: PunctualStackProps) {
    super(scope, id, { terminationProtection: settings.removal === RemovalPolicy.RETAIN, ...props });
    const bundle = (name: FunctionName) => join(bundles, name);
    // Cost-allocation tags: activate them once in the account's billing console.
    Tags.of(this).add('application', 'punctual');
    Tags.of(this).add('stage', settings.stage);

    const api = new PunctualFunction(this, 'Api', {
      settings,
      bundle: bundle('api'),
      memorySize: 512,
      timeout: Duration.seconds(29), // an HTTP API waits no longer
      environment: { REQUEST_LEASE_SECONDS: String(settings.requestLeaseSeconds) },
    });
    const dispatcher = new PunctualFunction(this, 'Dispatcher', {
      settings,
      bundle: bundle('dispatcher'),
      memorySize: 256,
      timeout: Duration.seconds(60),
      feedsItself: true,
    });
    const reconciler = new PunctualFunction(this, 'Reconciler', {
      settings,
      bundle: bundle('reconciler'),
      // Counting a busy hour needs the processor: about a thousand runs in a quarter of a second.
      memorySize: 1024,
      timeout: Duration.seconds(300),
    });

    // Two lanes, so that slow endpoints never delay fast endpoints: calls of up to 30 s, and of up to 300 s.
    const fastLane = new Lane(this, 'FastLane', {
      settings,
      bundle: bundle('deliverer'),
      name: 'fast',
      timeoutSeconds: 60,
      batchSize: settings.fastLaneBatchSize,
      maxConcurrency: settings.fastLaneConcurrency,
      pollers: settings.fastLanePollers,
    });
    const slowLane = new Lane(this, 'SlowLane', {
      settings,
      bundle: bundle('deliverer'),
      name: 'slow',
      timeoutSeconds: 330,
      batchSize: settings.slowLaneBatchSize,
      maxConcurrency: settings.slowLaneConcurrency,
    });
    // A third lane for what a project has due beyond its share of the other two.
    const crowdedLane = new Lane(this, 'CrowdedLane', {
      settings,
      bundle: bundle('deliverer'),
      name: 'crowded',
      timeoutSeconds: 330,
      batchSize: settings.crowdedLaneBatchSize,
      maxConcurrency: settings.crowdedLaneConcurrency,
    });
    const lanes = [fastLane, slowLane, crowdedLane];
    const wakeUps = new WakeUps(this, 'WakeUps', { settings, dispatcher, fastLane, slowLane });

    // Our code writes the dead letters. SQS starts a move task only from a queue that a redrive policy names as DLQ:
    // the policy of `replay` names it, and messages that an operator moves to `replay` are replayed.
    const deadLetters = new DurableQueue(this, 'DeadLetters', { settings, urlName: 'DEAD_LETTERS_QUEUE_URL' });
    const replay = new WorkQueue(this, 'Replay', {
      settings,
      urlName: 'REPLAY_QUEUE_URL',
      consumer: dispatcher,
      deadLetters,
      batchSize: settings.replayBatchSize,
      maxConcurrency: settings.replayConcurrency,
    });

    const storage = new Storage(this, 'Storage', settings);
    const secrets = new Secrets(this, 'Secrets');
    const deliverers = lanes.map(({ deliverer }) => deliverer);
    const everyone = [api, dispatcher, reconciler, ...deliverers];

    storage.config.grantReadWrite(api);
    storage.config.grantRead(dispatcher, reconciler, ...deliverers);
    // These functions update clocks of schedules (fire, re-arm, overlap lock) and the health of endpoints.
    storage.config.grantUpdate(dispatcher, reconciler, ...deliverers);
    storage.runs.grantReadWrite(...everyone);
    storage.deadLetters.grantReadWrite(...everyone);
    secrets.grantMaster(api, ...deliverers);
    secrets.grantOperator(api);
    fastLane.queue.grantSend(...everyone);
    slowLane.queue.grantSend(...everyone);
    crowdedLane.queue.grantSend(reconciler, ...deliverers);
    for (const { deadLetters: dlq } of [...lanes, wakeUps]) dlq.grantEmpty(reconciler);
    deadLetters.grantSend(...everyone);
    // A message whose handling failed goes back to its queue as a copy.
    replay.grantSend(dispatcher);
    wakeUps.grantArmAndCancel(api);
    wakeUps.grantArm(dispatcher, reconciler, ...deliverers);

    new Rule(this, 'Reconcile', {
      description: 'Sends what lost its message again, and counts the hours that are over',
      schedule: Schedule.rate(Duration.minutes(15)),
      targets: [new LambdaFunction(reconciler)],
    });
    const front = new HttpFront(this, 'Front', { settings, handler: api });

    const functions = everyone;
    const watched = { front, functions, lanes, wakeUps, replay, deadLetters };
    const { topic } = new Monitoring(this, 'Monitoring', settings, watched);

    if (settings.console) {
      const { url } = new Console(this, 'Console', { settings, files: consoleFiles!, apiHost: front.host });
      new CfnOutput(this, 'ConsoleUrl', { value: url });
    }

    new CfnOutput(this, 'Version', { value: version });
    new CfnOutput(this, 'ApiUrl', { value: front.url });
    new CfnOutput(this, 'OperatorSecretArn', { value: secrets.operator.secretArn });
    new CfnOutput(this, 'DeadLettersQueueUrl', { value: deadLetters.queueUrl });
    new CfnOutput(this, 'ReplayQueueUrl', { value: replay.queueUrl });
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }
}
