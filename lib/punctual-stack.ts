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
  /** Folder of the built console, where the settings ask for it. */
  readonly consoleFiles?: string;
}

/** The whole system: functions, the queues that feed them, and who may do what (each grant also sets the environment). */
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
      timeout: Duration.seconds(29), // the most an HTTP API waits
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
      // Reading a busy hour is work for the processor: about a thousand runs in a quarter of a second.
      memorySize: 1024,
      timeout: Duration.seconds(300),
    });

    // Two lanes, so that slow endpoints never hold fast ones: calls of up to 30 s, and of up to 300 s.
    const fastLane = new Lane(this, 'FastLane', {
      settings,
      bundle: bundle('deliverer'),
      name: 'fast',
      timeoutSeconds: 60,
      batchSize: settings.fastLaneBatchSize,
      maxConcurrency: settings.fastLaneConcurrency,
    });
    const slowLane = new Lane(this, 'SlowLane', {
      settings,
      bundle: bundle('deliverer'),
      name: 'slow',
      timeoutSeconds: 330,
      batchSize: settings.slowLaneBatchSize,
      maxConcurrency: settings.slowLaneConcurrency,
    });
    const wakeUps = new WakeUps(this, 'WakeUps', { settings, dispatcher, fastLane, slowLane });

    // Dead letters are written by code. SQS starts a move task only from a queue that some redrive policy names:
    // `replay` names it, and what an operator moves there is replayed.
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
    const deliverers = [fastLane.deliverer, slowLane.deliverer];
    const everyone = [api, dispatcher, reconciler, ...deliverers];

    storage.config.grantReadWrite(api);
    storage.config.grantRead(dispatcher, reconciler, ...deliverers);
    // The clocks of schedules: who fires, re-arms, or takes the overlap lock; and how endpoints fare.
    storage.config.grantUpdate(dispatcher, reconciler, ...deliverers);
    storage.runs.grantReadWrite(...everyone);
    storage.deadLetters.grantReadWrite(...everyone);
    secrets.grantMaster(api, ...deliverers);
    secrets.grantOperator(api);
    fastLane.queue.grantSend(...everyone);
    slowLane.queue.grantSend(...everyone);
    for (const { deadLetters: dlq } of [fastLane, slowLane, wakeUps]) dlq.grantEmpty(reconciler);
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
    const watched = { front, functions, fastLane, slowLane, wakeUps, replay, deadLetters };
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
