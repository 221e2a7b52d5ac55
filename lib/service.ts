import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type EventPattern, type IEventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { FunctionName } from './bundles.js';
import { callerText, type StageSettings } from './config.js';
import { alarmPrefix } from './constructs/alarms.js';
import { AuditArchive } from './constructs/audit-archive.js';
import { Console } from './constructs/console.js';
import { DurableQueue } from './constructs/durable-queue.js';
import { encryptAll } from './constructs/encryption.js';
import { HttpFront } from './constructs/http-front.js';
import { Intake } from './constructs/intake.js';
import { Lane } from './constructs/lane.js';
import { Monitoring } from './constructs/monitoring.js';
import { Network } from './constructs/network.js';
import { PunctualFunction } from './constructs/punctual-function.js';
import { Secrets } from './constructs/secrets.js';
import { Storage } from './constructs/storage.js';
import { tagAsPunctual } from './constructs/tags.js';
import { WakeUps } from './constructs/wake-ups.js';
import { WorkQueue } from './constructs/work-queue.js';
import { SETTINGS_METADATA } from './settings-metadata.js';

export interface ServiceProps {
  readonly settings: StageSettings;
  /** Folder with `<function>/handler.js` of every function. */
  readonly bundles: string;
  /** Folder of the built console, with the documentation in `docs/`; if the settings deploy the console. */
  readonly consoleFiles?: string;
}

/** The whole system: functions, their queues, and permissions (each grant also sets the function's environment). */
export class Service extends Construct {
  /** Base address of the API, without a trailing slash. */
  readonly apiUrl: string;
  /** Address of the console, if the settings deploy the console. */
  readonly consoleUrl?: string;
  /** Where the API's own name must point, if the settings give it one and no hosted zone. */
  readonly apiTarget: string | undefined;
  readonly consoleTarget: string | undefined;
  /** The addresses from which calls come, if the settings have a VPC made. */
  readonly egressAddresses: readonly string[] = [];
  /** The operator key: the first credential, exchanged for a session. */
  readonly operatorSecret: ISecret;
  /** Alarms of work that waits or may be lost. */
  readonly urgentTopic: Topic;
  /** Alarms that can wait until the next working day. */
  readonly noticesTopic: Topic;
  /** The alarms on which CloudFormation should roll a deployment back. */
  readonly rollbackAlarms: readonly Alarm[];
  /** Gets a copy of each dead letter, for 14 days. */
  readonly deadLettersQueue: IQueue;
  /** Replays the dead letters that are moved to it. */
  readonly replayQueue: IQueue;
  /** Takes tasks and events, if the settings have `intake`. */
  readonly intakeQueue?: IQueue;
  private readonly intake: Intake | undefined;
  private readonly front: HttpFront;
  readonly configTable: ITableV2;
  readonly runsTable: ITableV2;
  readonly deadLettersTable: ITableV2;
  readonly auditTable: ITableV2;

  constructor(scope: Construct, id: string, { settings, bundles, consoleFiles }: ServiceProps) {
    super(scope, id);
    const { stackId } = Stack.of(this);
    const bundle = (name: FunctionName) => join(bundles, name);
    tagAsPunctual(this, settings);
    this.node.addMetadata(SETTINGS_METADATA, settings);

    const quotas = { QUOTAS: JSON.stringify(settings.quotas) };
    const requests = {
      REQUEST_LEASE_SECONDS: String(settings.requestLeaseSeconds),
      SESSION_HOURS: String(settings.sessionHours),
      ...quotas,
    };
    const api = new PunctualFunction(this, 'Api', {
      settings,
      bundle: bundle('api'),
      memorySize: 512,
      timeout: Duration.seconds(29), // an HTTP API waits no longer
      reservedConcurrency: settings.apiReservedConcurrency,
      environment: {
        ...requests,
        ...(settings.identityProvider && { IDENTITY_PROVIDER: JSON.stringify(settings.identityProvider) }),
        ...(settings.console && { DISTRIBUTION_MARK: stackId }),
        ...(settings.listeners && { LISTENERS: 'true' }),
        // A laptop has no CloudWatch.
        ...(!settings.allowLoopback && { ALARM_PREFIX: alarmPrefix(settings) }),
        ...(settings.iamCallers && { IAM_CALLERS: JSON.stringify(settings.iamCallers.map(callerText)) }),
      },
    });
    const dispatcher = new PunctualFunction(this, 'Dispatcher', {
      settings,
      bundle: bundle('dispatcher'),
      memorySize: 256,
      timeout: Duration.seconds(60),
      feedsItself: true,
      environment: quotas,
    });
    const reconciler = new PunctualFunction(this, 'Reconciler', {
      settings,
      bundle: bundle('reconciler'),
      // Counting a busy hour needs the processor: about a thousand runs in a quarter of a second.
      memorySize: 1024,
      timeout: Duration.seconds(300),
      environment: { REMOVAL_QUIET_SECONDS: String(settings.removalQuietSeconds) },
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
    const kept = settings.existing?.queues?.replay;
    const deadLetters = new DurableQueue(this, 'DeadLetters', {
      settings,
      urlName: 'DEAD_LETTERS_QUEUE_URL',
      existing: kept?.dlq,
    });
    const replay = new WorkQueue(this, 'Replay', {
      settings,
      urlName: 'REPLAY_QUEUE_URL',
      existing: kept?.queue,
      consumer: dispatcher,
      deadLetters,
      batchSize: settings.replayBatchSize,
      maxConcurrency: settings.replayConcurrency,
    });

    const intake = settings.intake
      ? new Intake(this, 'Intake', { settings, bundle: bundle('intake'), environment: requests })
      : undefined;

    const storage = new Storage(this, 'Storage', settings);
    const secrets = new Secrets(this, 'Secrets', settings);
    const deliverers = lanes.map(({ deliverer }) => deliverer);
    const takers = intake ? [intake.function] : [];
    const functions = [api, dispatcher, reconciler, ...deliverers, ...takers];

    // The reconciler removes deleted projects.
    storage.config.grantReadWrite(api, reconciler);
    storage.config.grantRead(dispatcher, ...deliverers, ...takers);
    // These functions update clocks of schedules (fire, overlap lock) and the health of endpoints.
    storage.config.grantUpdate(dispatcher, ...deliverers);
    storage.runs.grantReadWrite(...functions);
    storage.deadLetters.grantReadWrite(...functions);
    // No function changes or removes an entry of the audit, and the API alone reads it.
    storage.audit.grantAppend(...functions);
    storage.audit.grantQuery(api);
    const { auditExport } = settings;
    if (auditExport)
      new AuditArchive(this, 'AuditArchive', {
        settings: auditExport,
        table: storage.audit.table,
        exporter: reconciler,
      });
    // The reconciler encrypts anew what an older master secret encrypted, and keeps that secret for the rest.
    secrets.grantMaster(api, reconciler, ...deliverers, ...takers);
    secrets.grantKeepMaster(reconciler);
    secrets.grantOperator(api);
    secrets.grantClient(settings.identityProvider?.clientSecretArn, api);
    fastLane.queue.grantSend(...functions);
    slowLane.queue.grantSend(...functions);
    crowdedLane.queue.grantSend(reconciler, ...deliverers);
    for (const { deadLetters: dlq } of [...lanes, wakeUps]) dlq.grantEmpty(reconciler);
    deadLetters.grantSend(...functions);
    // A message whose handling failed goes back to its queue as a copy.
    replay.grantSend(dispatcher);
    wakeUps.grantArmAndCancel(api, reconciler);
    wakeUps.grantArm(dispatcher, ...deliverers, ...takers);

    new Rule(this, 'Reconcile', {
      description: 'Sends what lost its message again, counts the hours that are over, and removes deleted projects',
      schedule: Schedule.rate(Duration.minutes(15)),
      targets: [new LambdaFunction(reconciler)],
    });
    if (settings.vpc) {
      const network = new Network(this, 'Network', settings.vpc, settings);
      for (const deliverer of deliverers) deliverer.runIn(network);
      this.egressAddresses = network.addresses;
    }
    const front = new HttpFront(this, 'Front', { settings, handler: api });

    const tables = [storage.config, storage.runs, storage.deadLetters, storage.audit];
    const watched = { front, functions, lanes, wakeUps, replay, deadLetters, intake, tables };
    const { topics, alarms } = new Monitoring(this, 'Monitoring', settings, watched);
    alarms.grantRead(api);

    if (settings.console) {
      const { url, target } = new Console(this, 'Console', {
        settings,
        files: consoleFiles!,
        apiHost: front.host,
        mark: stackId,
      });
      this.consoleUrl = url;
      this.consoleTarget = target;
    }

    this.front = front;
    this.apiUrl = front.url;
    this.apiTarget = front.target;
    this.operatorSecret = secrets.operator;
    this.urgentTopic = topics.urgent;
    this.noticesTopic = topics.notices;
    this.rollbackAlarms = alarms.ofABadDeploy;
    this.deadLettersQueue = deadLetters.queue;
    this.replayQueue = replay.queue;
    this.intake = intake;
    if (intake) this.intakeQueue = intake.queue.queue;
    this.configTable = storage.config.table;
    this.runsTable = storage.runs.table;
    this.deadLettersTable = storage.deadLetters.table;
    this.auditTable = storage.audit.table;
    if (settings.encryptionKeyArn) encryptAll(this, settings.encryptionKeyArn);
  }

  /** Lets the grantee send to the intake queue, and so publish into every project. @throws unless the settings have `intake` */
  grantPublish(grantee: IGrantable): Grant {
    return this.takingIn('grantPublish').grantPublish(grantee);
  }

  /**
   * Makes an event in the project of what the pattern matches on the bus, as the setting `buses` does.
   * @param id of the rule, once in this construct
   * @throws unless the settings have `intake`
   */
  eventsFrom(id: string, bus: IEventBus, pattern: EventPattern, project: string): Rule {
    return this.takingIn('eventsFrom').eventsFrom(id, bus, pattern, project);
  }

  /** Lets the grantee call the API below `/iam`. What it may do there, the setting `iamCallers` says. @throws without the setting */
  grantCall(grantee: IGrantable): Grant {
    return this.front.grantCall(grantee);
  }

  private takingIn(what: string): Intake {
    if (this.intake) return this.intake;
    throw new Error(`${what}: there is no intake queue without the setting intake: true`);
  }
}
