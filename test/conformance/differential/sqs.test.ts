import { SQSClient } from '@aws-sdk/client-sqs';
import { type SqsServer, startSqs } from '../../../local/sqs/server.js';
import { type Answer, answerTo, expectAlike } from './answers.js';
import { type Server, STEPS } from './sqs-calls.js';

/** Where ElasticMQ is. */
const THEIRS = process.env['CONFORMANCE_SQS']!;

/** By step: why ours answers otherwise. */
const KNOWN: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'an attribute that is not',
      'too long a visibility',
      'too long a delay',
      'too short a retention',
      'a queue of an attribute that is not',
      '1 MiB of fewer letters and a byte',
      '1 MiB with an attribute',
      'attributes: of an empty binary value',
      'attributes: of a name with a space',
      'attributes: of a reserved name',
      'attributes: of a name with two dots',
      'attributes: of a name of 257 letters',
      'a batch of none',
      'a batch with a bad id',
      'a batch with an id of 81 letters',
      'a visibility of -1 s',
      'a visibility of 43201 s',
      'a system attribute that is not',
      'visibilities of none',
      'a message hidden for -1 s',
      'a message hidden for 43201 s',
      'too fast a move',
    ].map((title) => [title, 'AWS refuses it, by its API reference; theirs does not look']),
  ),
  'attributes by a prefix': 'theirs knows no prefixes',
  'what was moved': 'a message that is moved is a new one, by the developer guide; theirs remembers where it died',
  'a deletion again': 'theirs refuses it; on AWS a deletion may be repeated',
};

let ours: SqsServer;
let servers: Server[] = [];

/** Without ids, times and ports; empty lists are absent, as from AWS. */
function scrub(name: string, value: unknown): unknown {
  if (Array.isArray(value) && value.length === 0) return undefined;
  if (/^(MessageId|SequenceNumber|ReceiptHandle|TaskHandle|SenderId|\w+Timestamp|Message)$/.test(name))
    return `some ${name}`;
  if (/url/i.test(name)) return JSON.stringify(value).match(/[\w-]+(?=")/g);
  if (name === 'DeadLetterQueueSourceArn') return String(value).split(':').at(-1);
  return value;
}

/** ElasticMQ has names of its own for errors: that it refuses is what counts. */
function withoutNames(answer: Answer): unknown {
  if ('error' in answer) return 'refused';
  return JSON.parse(JSON.stringify(answer), (name, value) => (name === 'Code' ? 'some code' : value));
}

describe('our SQS and ElasticMQ', () => {
  beforeAll(async () => {
    ours = await startSqs();
    const options = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
    servers = [ours.url, THEIRS].map((endpoint) => ({
      client: new SQSClient({ endpoint, ...options, maxAttempts: 1 }),
      urls: new Map(),
    }));
  });

  afterAll(async () => {
    for (const { client } of servers) client.destroy();
    await ours.close();
  });

  test.each(STEPS)('%s', async (title, perform) => {
    const answers = await Promise.all(servers.map((server) => answerTo(() => perform(server), scrub)));
    const [mine, theirs] = answers.map(withoutNames);
    expectAlike(mine, theirs, KNOWN[title]);
  });

  test('each difference that is known belongs to a step', () => {
    expect(STEPS.map(([title]) => title)).toEqual(expect.arrayContaining(Object.keys(KNOWN)));
  });
});
