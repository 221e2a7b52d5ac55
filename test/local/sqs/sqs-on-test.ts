import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Message, ReceiveMessageCommand, type ReceiveMessageCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import { type QueueDefinition, type SqsServer, startSqs } from '../../../local/sqs/server.js';

const opened: { close(): Promise<void> }[] = [];
const folders: string[] = [];

/** A server with a clock that can be turned forward, and the real SDK client on it. */
export interface TestSqs {
  readonly server: SqsServer;
  readonly client: SQSClient;
  /** The server's clock, epoch milliseconds. */
  now(): number;
  /** Turns the server's clock forward. */
  advance(seconds: number): void;
  /** A new queue; its name is unique unless given. */
  queue(definition?: Partial<QueueDefinition>): { url: string; arn: string; name: string };
  receive(queueUrl: string, input?: Partial<ReceiveMessageCommandInput>): Promise<Message[]>;
}

export async function openSqs(journalFile?: string): Promise<TestSqs> {
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const server = await startSqs({ now, ...(journalFile !== undefined && { journalFile }) });
  const client = clientOf(server);
  opened.push(server);
  return {
    server,
    client,
    now,
    advance: (seconds) => {
      ahead += seconds * 1000;
    },
    queue: (definition) => {
      const name = definition?.name ?? `queue-${randomUUID()}`;
      return { name, ...server.defineQueue({ visibilityTimeoutSeconds: 30, ...definition, name }) };
    },
    receive: async (QueueUrl, input) => {
      const answer = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...input }));
      return answer.Messages ?? [];
    },
  };
}

export function journalPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sqs-'));
  folders.push(folder);
  return join(folder, 'sqs.journal');
}

export async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((server) => server.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}

/** The name under which the SDK throws an error. */
export async function errorOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'no error',
    (error: Error) => error.name,
  );
}

export function bodiesOf(messages: readonly Message[]): string[] {
  return messages.map(({ Body }) => Body ?? '');
}

function clientOf(server: SqsServer): SQSClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SQSClient({ region: 'us-east-1', endpoint: server.url, credentials, maxAttempts: 1 });
  opened.push({ close: async () => client.destroy() });
  return client;
}
