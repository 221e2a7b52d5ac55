import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { batchGet } from '../../../functions/storage/batch-get.js';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
const mock = mockClient(client);
const pauses: number[] = [];
const source = { client, table: 't', clock: { sleep: async (ms: number) => void pauses.push(ms) } };
const keys = (count: number) => Array.from({ length: count }, (_, index) => ({ pk: 'p', sk: `k${index}` }));

beforeEach(() => {
  mock.reset();
  pauses.length = 0;
});

it('asks for at most 100 keys at a time, and again for what was left out', async () => {
  let calls = 0;
  mock.on(BatchGetCommand).callsFake(({ RequestItems }) => {
    const asked = RequestItems.t.Keys;
    expect(asked.length).toBeLessThanOrEqual(100);
    calls += 1;
    if (asked.length === 1) return { Responses: { t: asked } };
    return { Responses: { t: asked.slice(1) }, UnprocessedKeys: { t: { Keys: asked.slice(0, 1) } } };
  });
  const found = await batchGet<{ sk: string }>(source, keys(250));
  expect(new Set(found.map(({ sk }) => sk)).size).toBe(250);
  expect(calls).toBe(6);
  expect(pauses).toHaveLength(3);
});

it('gives up on a table that leaves everything out', async () => {
  mock.on(BatchGetCommand).callsFake(({ RequestItems }) => ({ UnprocessedKeys: RequestItems }));
  await expect(batchGet(source, keys(3))).rejects.toThrow('left 3 of 3 keys of t unread');
});

it('asks nothing for nothing', async () => {
  expect(await batchGet(source, [])).toEqual([]);
  expect(mock.calls()).toHaveLength(0);
});
