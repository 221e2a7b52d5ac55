import { Duration } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
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
    // What waits for a quota goes back as a copy, and what is refused is set apart.
    for (const queue of [this.queue, this.deadLetters]) queue.grantSend(this.function);
  }

  grantPublish(grantee: IGrantable): Grant {
    const { encryptionKeyArn } = this.settings;
    const sending = this.queue.grantSendMessages(grantee);
    if (!encryptionKeyArn) return sending;
    const actions = ['kms:Decrypt', 'kms:GenerateDataKey']; // what SQS asks of a sender
    return sending.combine(Grant.addToPrincipal({ grantee, actions, resourceArns: [encryptionKeyArn] }));
  }
}
