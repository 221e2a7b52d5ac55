import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { DeadLetterQueue, WakeUps } from '../../functions/protocol/rules/ports.js';
import { createDeadLetterQueue } from '../../functions/queues/dead-letter-queue.js';
import { createVisibility, type Visibility } from '../../functions/queues/queue-sender.js';
import { createWakeUps } from '../../functions/queues/wake-ups.js';
import { startScheduler } from '../../local/scheduler/server.js';
import { startSqs } from '../../local/sqs/server.js';

/** Where another SQS is, to hold the same clauses against. Its clock is the wall's. */
export const SQS_ELSEWHERE = process.env['CONFORMANCE_SQS'];

const QUEUES = ['fast', 'slow', 'wakeUps', 'deadLetters'] as const;
export type QueueName = (typeof QUEUES)[number];

/** So long a received message is hidden. */
export const HIDDEN_SECONDS = 30;

const REGION = 'us-east-1';
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

export interface Queues {
  readonly wakeUps: WakeUps;
  readonly deadLetterQueue: DeadLetterQueue;
  /** Of the fast lane's messages. */
  readonly visibility: Visibility;
  readonly client: SQSClient;
  readonly urls: Readonly<Record<QueueName, string>>;
  now(): number;
  passes(seconds: number): Promise<void>;
  /** What can be received now; it is hidden then. */
  receive(queue: QueueName): Promise<Message[]>;
  /** The same, deleted: what it says. */
  take(queue: QueueName): Promise<unknown[]>;
  close(): Promise<void>;
}

/** The adapters over our SQS and our Scheduler, whose clock is turned forward, or over the SQS that is named. */
export async function openQueues(): Promise<Queues> {
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const own = SQS_ELSEWHERE === undefined ? await startSqs({ now }) : undefined;
  const client = new SQSClient({ region: REGION, endpoint: own?.url ?? SQS_ELSEWHERE!, credentials, maxAttempts: 1 });
  const scheduler = await startScheduler({ now, send: (arn, body) => own!.send(arn, body) });
  scheduler.defineGroup('wake-ups');
  const schedulerClient = new SchedulerClient({ region: REGION, endpoint: scheduler.url, credentials, maxAttempts: 1 });

  const places = Object.fromEntries(
    await Promise.all(
      QUEUES.map(async (name) => {
        const definition = { name: `${name}-${randomUUID()}`, visibilityTimeoutSeconds: HIDDEN_SECONDS };
        return [name, own ? own.defineQueue(definition) : await create(definition)] as const;
      }),
    ),
  ) as Record<QueueName, { readonly url: string; readonly arn: string }>;

  async function create({
    name: QueueName,
    visibilityTimeoutSeconds,
  }: {
    name: string;
    visibilityTimeoutSeconds: number;
  }) {
    const Attributes = { VisibilityTimeout: `${visibilityTimeoutSeconds}` };
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
    return { url: QueueUrl!, arn: `arn:aws:sqs:${REGION}:000000000000:${QueueName}` };
  }

  async function receive(queue: QueueName): Promise<Message[]> {
    const found: Message[] = [];
    for (;;) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: places[queue].url,
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['All'],
        }),
      );
      if (Messages.length === 0) return found;
      found.push(...Messages);
    }
  }

  return {
    wakeUps: createWakeUps(
      client,
      () => schedulerClient,
      {
        lanes: { fast: places.fast, slow: places.slow },
        wakeUpQueueUrl: places.wakeUps.url,
        wakeUpQueueArn: places.wakeUps.arn,
        scheduleGroup: 'wake-ups',
        schedulerRoleArn: 'arn:aws:iam::000000000000:role/scheduler',
        schedulerDlqArn: places.deadLetters.arn,
      },
      { now, sleep },
    ),
    deadLetterQueue: createDeadLetterQueue(client, places.deadLetters.url),
    visibility: createVisibility(client, places.fast.url, (error) => {
      throw error;
    }),
    client,
    urls: Object.fromEntries(QUEUES.map((name) => [name, places[name].url])) as Record<QueueName, string>,
    now,
    async passes(seconds) {
      if (own === undefined) return void (await sleep(seconds * 1_000));
      ahead += seconds * 1_000;
      await scheduler.tick();
    },
    receive,
    async take(queue) {
      const found = await receive(queue);
      for (const { ReceiptHandle } of found)
        await client.send(new DeleteMessageCommand({ QueueUrl: places[queue].url, ReceiptHandle }));
      return found.map(({ Body }) => JSON.parse(Body!));
    },
    async close() {
      if (own === undefined)
        for (const { url } of Object.values(places)) await client.send(new DeleteQueueCommand({ QueueUrl: url }));
      client.destroy();
      schedulerClient.destroy();
      await scheduler.close();
      await own?.close();
    },
  };
}
