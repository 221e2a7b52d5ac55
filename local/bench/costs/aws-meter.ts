import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsCall, Interceptor } from '../../interception.js';
import { DynamoDbMeter } from './dynamodb-meter.js';
import { SQS_CHUNK_BYTES } from './prices.js';
import { AWS_CALL_MS } from './receiver.js';
import { sum, type Units, units } from './units.js';

/** Counts the costs of the functions' calls to AWS, by the function's name, and makes each call as slow as on AWS. */
export class AwsMeter {
  readonly byFunction = new Map<string, Units>();
  /** Number of waits for AWS, by function. Concurrent calls are one wait. */
  readonly rounds = new Map<string, number>();
  /** The end of the last call (Unix milliseconds), and the number of open calls. */
  lastEnd = 0;
  underWay = 0;
  /** Number of messages to a queue that is a target: our own queues get theirs by SendMessageBatch. */
  sentToTargets = 0;
  /** Number of ended rounds, by environment. */
  private readonly ended = new Map<string, number>();
  private readonly dynamodb: DynamoDbMeter;
  /** Queues whose messages have a message group. */
  private readonly fairQueues = new Set<string>();

  /** `dynamodbUrl`: URL of the server behind the interception. */
  constructor(dynamodbUrl: () => string) {
    this.dynamodb = new DynamoDbMeter(dynamodbUrl);
  }

  /** Counts from zero. */
  reset(): void {
    this.byFunction.clear();
    this.rounds.clear();
    this.sentToTargets = 0;
  }

  /** A program that is no function sends to the queue, in message groups. */
  noteFair(queueUrl: string): void {
    this.fairQueues.add(queueUrl);
  }

  isFair(queueUrl: string): boolean {
    return this.fairQueues.has(queueUrl);
  }

  readonly intercept: Interceptor = async (call, forward) => {
    this.underWay++;
    const name = call.environment.replace(/-\d+$/, '');
    const round = (this.ended.get(call.environment) ?? 0) + 1;
    try {
      const [{ answer, units: used }] = await Promise.all([this.perform(call, forward), sleep(AWS_CALL_MS)]);
      this.byFunction.set(name, sum([this.byFunction.get(name) ?? units(), used]));
      return answer;
    } finally {
      this.underWay--;
      if ((this.ended.get(call.environment) ?? 0) < round) {
        this.rounds.set(name, (this.rounds.get(name) ?? 0) + 1);
        this.ended.set(call.environment, round);
      }
      this.lastEnd = Date.now();
    }
  };

  private async perform(call: AwsCall, forward: Parameters<Interceptor>[1]) {
    if (call.service === 'dynamodb') return this.dynamodb.perform(call, forward);
    return { answer: await forward(), units: this.unitsOf(call) };
  }

  /** Secrets are read once per execution environment. Every created schedule is invoked, unless it is deleted. */
  private unitsOf({ service, operation, body }: AwsCall): Partial<Units> {
    if (operation === 'CreateSchedule') return { schedulerInvocations: 1 };
    if (service !== 'sqs') return {};
    if (operation === 'SendMessage') this.sentToTargets++;
    const { QueueUrl, Entries = [] } = JSON.parse(body.toString());
    if (Entries.some((entry: { MessageGroupId?: string }) => entry.MessageGroupId !== undefined))
      this.fairQueues.add(QueueUrl);
    // The request is somewhat longer than the messages in it.
    const sqsRequests = Math.ceil(body.length / SQS_CHUNK_BYTES);
    return { sqsRequests, ...(this.fairQueues.has(QueueUrl) && { fairRequests: sqsRequests }) };
  }
}
