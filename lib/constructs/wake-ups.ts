import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { nameOf, type StageSettings } from '../config.js';
import { DurableQueue } from './durable-queue.js';
import type { Lane } from './lane.js';
import type { PunctualFunction } from './punctual-function.js';
import { WorkQueue } from './work-queue.js';

const SCHEDULER = 'scheduler.amazonaws.com';

export interface WakeUpsProps {
  readonly settings: StageSettings;
  /** Consumer of the wake-up queue. */
  readonly dispatcher: PunctualFunction;
  readonly fastLane: Lane;
  readonly slowLane: Lane;
}

/**
 * Durable promises that a message reaches a queue at a moment: a delayed SQS message up to 15 minutes ahead, else a
 * one-time schedule of EventBridge Scheduler in a group of its own.
 */
export class WakeUps extends Construct {
  readonly queue: WorkQueue;
  /** DLQ of both the wake-up queue and the Scheduler: as a queue's DLQ, it can be redriven. */
  readonly deadLetters: DurableQueue;
  private readonly group: ScheduleGroup;
  readonly role: Role;
  private readonly targetArns: Record<string, string>;

  constructor(scope: Construct, id: string, { settings, dispatcher, fastLane, slowLane }: WakeUpsProps) {
    super(scope, id);
    const existing = settings.existing?.queues?.wakeUps;
    this.deadLetters = new DurableQueue(this, 'Dlq', {
      settings,
      urlName: 'WAKE_UP_DLQ_URL',
      existing: existing?.dlq,
    });
    this.queue = new WorkQueue(this, 'Queue', {
      settings,
      urlName: 'WAKE_UP_QUEUE_URL',
      existing: existing?.queue,
      consumer: dispatcher,
      deadLetters: this.deadLetters,
      batchSize: settings.wakeUpBatchSize,
      maxConcurrency: settings.wakeUpConcurrency,
      pollers: settings.wakeUpPollers,
    });
    this.group = new ScheduleGroup(this, 'Group', {
      scheduleGroupName: `${nameOf(settings)}-wake-ups`,
      removalPolicy: settings.removal,
    });
    this.targetArns = {
      FAST_LANE_ARN: fastLane.queue.queue.queueArn,
      SLOW_LANE_ARN: slowLane.queue.queue.queueArn,
      WAKE_UP_QUEUE_ARN: this.queue.queue.queueArn,
    };
    this.role = this.sendingRole();
  }

  /** Permission to arm and to cancel wake-ups. */
  grantArmAndCancel(...functions: PunctualFunction[]): void {
    this.grantArm(...functions);
    for (const fn of functions) this.allow(fn, 'scheduler:DeleteSchedule');
  }

  grantArm(...functions: PunctualFunction[]): void {
    this.queue.grantSend(...functions);
    for (const fn of functions) {
      this.allow(fn, 'scheduler:CreateSchedule');
      // Role.grantPassRole would let the function hand the role to any service.
      Grant.addToPrincipal({
        grantee: fn,
        actions: ['iam:PassRole'],
        resourceArns: [this.role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': SCHEDULER } },
      });
      const names = { SCHEDULE_GROUP: this.group.scheduleGroupName, SCHEDULER_ROLE_ARN: this.role.roleArn };
      const targets = { SCHEDULER_DLQ_ARN: this.deadLetters.queue.queueArn, ...this.targetArns };
      for (const [name, value] of Object.entries({ ...names, ...targets })) fn.addEnvironment(name, value);
    }
  }

  private allow(grantee: PunctualFunction, action: string): void {
    const schedules = Stack.of(this).formatArn({
      service: 'scheduler',
      resource: 'schedule',
      resourceName: `${this.group.scheduleGroupName}/*`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    Grant.addToPrincipal({ grantee, actions: [action], resourceArns: [schedules] });
    Validations.of(grantee.role!).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/${this.group.scheduleGroupName}/*]`,
      reason: 'One schedule per wake-up, under a name known only then: all of our own group.',
    });
  }

  /** Wake-ups that EventBridge Scheduler could deliver neither to their queue nor to the DLQ. */
  lost(): Metric {
    return this.group.metricFailedToBeSentToDLQ(undefined, { statistic: 'Sum' });
  }

  /** Wake-ups that EventBridge Scheduler delayed, since its quota of invocations was used up. */
  throttled(): Metric {
    return this.group.metricThrottled({ statistic: 'Sum' });
  }

  /** The Scheduler's role, for this group alone: the source ARN of its requests is the group's, not the schedule's. */
  private sendingRole(): Role {
    const role = new Role(this, 'Role', {
      description: 'EventBridge Scheduler sends wake-ups as this role',
      assumedBy: new ServicePrincipal(SCHEDULER, {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account, 'aws:SourceArn': this.group.scheduleGroupArn },
        },
      }),
    });
    // The Scheduler writes to its DLQ with the same role (User Guide, "Configuring a schedule's dead-letter queue").
    const resourceArns = [...Object.values(this.targetArns), this.deadLetters.queue.queueArn];
    Grant.addToPrincipal({ grantee: role, actions: ['sqs:SendMessage'], resourceArns });
    return role;
  }
}
