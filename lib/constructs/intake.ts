import { Duration, Stack } from 'aws-cdk-lib';
import { EventBus, type EventPattern, type IEventBus, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { Grant, type IGrantable, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { StageSettings } from '../config.js';
import { DurableQueue } from './durable-queue.js';
import { PunctualFunction } from './punctual-function.js';
import { WorkQueue } from './work-queue.js';

export interface IntakeProps {
  readonly settings: StageSettings;
  /** Folder of the function's bundle. */
  readonly bundle: string;
  /** What the API reads too. */
  readonly environment: Record<string, string>;
}

/** A queue whose messages are tasks and events, as the API takes them, and the DLQ of those that are refused. */
export class Intake extends Construct {
  readonly function: PunctualFunction;
  readonly queue: WorkQueue;
  readonly deadLetters: DurableQueue;
  private readonly settings: StageSettings;

  constructor(scope: Construct, id: string, { settings, ...code }: IntakeProps) {
    super(scope, id);
    this.settings = settings;
    this.function = new PunctualFunction(this, 'Function', {
      ...code,
      settings,
      memorySize: 256,
      timeout: Duration.seconds(29), // the lease of a request, as of one by HTTP
      feedsItself: true,
    });
    this.deadLetters = new DurableQueue(this, 'Dlq', { settings, urlName: 'INTAKE_DLQ_URL' });
    this.queue = new WorkQueue(this, 'Queue', {
      settings,
      urlName: 'INTAKE_QUEUE_URL',
      consumer: this.function,
      deadLetters: this.deadLetters,
      batchSize: settings.intakeBatchSize,
      maxConcurrency: settings.intakeConcurrency,
    });
    for (const [index, { bus, pattern, project }] of (settings.buses ?? []).entries())
      this.eventsFrom(`Bus${index + 1}`, this.busOf(`Bus${index + 1}Bus`, bus), pattern, project);
    // What waits for a quota goes back as a copy, and what is refused is set apart.
    for (const queue of [this.queue, this.deadLetters]) queue.grantSend(this.function);
  }

  /** A rule that makes an event in the project of what the pattern matches on the bus. */
  eventsFrom(id: string, eventBus: IEventBus, eventPattern: EventPattern, project: string): Rule {
    const { queue, deadLetters } = this;
    const rule = new Rule(this, id, {
      description: `Publishes in Punctual, in ${project}`,
      eventBus,
      eventPattern,
    });
    rule.addTarget({
      bind: () => ({
        arn: queue.queue.queueArn,
        input: new Enveloped(project),
        sqsParameters: { messageGroupId: project },
        deadLetterConfig: { arn: deadLetters.queue.queueArn },
      }),
    });
    // EventBridge does not name its rule to a queue that is encrypted by a key of the user's.
    const conditions = this.settings.encryptionKeyArn
      ? { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } }
      : { ArnEquals: { 'aws:SourceArn': rule.ruleArn } };
    for (const to of [queue, deadLetters])
      to.queue.grantSendMessages(new ServicePrincipal('events.amazonaws.com', { conditions }));
    return rule;
  }

  private busOf(id: string, bus: string): IEventBus {
    return bus.startsWith('arn:') ? EventBus.fromEventBusArn(this, id, bus) : EventBus.fromEventBusName(this, id, bus);
  }

  grantPublish(grantee: IGrantable): Grant {
    const { encryptionKeyArn } = this.settings;
    const sending = this.queue.queue.grantSendMessages(grantee);
    if (!encryptionKeyArn) return sending;
    const actions = ['kms:Decrypt', 'kms:GenerateDataKey']; // what SQS asks of a sender
    return sending.combine(Grant.addToPrincipal({ grantee, actions, resourceArns: [encryptionKeyArn] }));
  }
}

/** The message that EventBridge sends: the event whole, as the variable of this name is, and its project. */
class Enveloped extends RuleTargetInput {
  constructor(private readonly project: string) {
    super();
  }

  override bind() {
    return { inputTemplate: `{"version":1,"project":"${this.project}","eventbridge":<aws.events.event.json>}` };
  }
}
