import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { createIdempotencyStore } from '../../../functions/storage/idempotency-store.js';

const NOW = 1_800_000_000_500;
const dynamo = mockClient(DynamoDBDocumentClient);
const store = createIdempotencyStore(dynamo as unknown as DynamoDBDocumentClient, 'runs', { now: () => NOW });
const key = { scope: 'proj_1', fingerprint: 'f' };
const Key = { pk: 'proj_1#I#f', sk: 'request' };
const record = { request_hash: 'h', seed: 's', at: NOW, state: 'running', lease: NOW + 1 } as const;
const refused = new ConditionalCheckFailedException({ message: '', $metadata: {} });

beforeEach(() => dynamo.reset());

test('a record is put where there is none, or an expired one, and expires after its time', async () => {
  expect(await store.begin(key, record, 86_400_000)).toBe(true);
  expect(dynamo).toHaveReceivedCommandWith(PutCommand, {
    Item: { ...Key, ...record, ttl: 1_800_086_401 },
    ConditionExpression: 'attribute_not_exists(pk) OR #ttl <= :now',
    ExpressionAttributeValues: { ':now': 1_800_000_000 },
  });
  dynamo.on(PutCommand).rejects(refused);
  expect(await store.begin(key, record, 86_400_000)).toBe(false);
});

test('a read is strong, and sees nothing that has expired', async () => {
  dynamo
    .on(GetCommand)
    .resolvesOnce({ Item: { ...Key, ...record, ttl: 1_800_000_001 } })
    .resolvesOnce({ Item: { ...Key, ...record, ttl: 1_800_000_000 } });
  expect(await store.find(key)).toEqual(record);
  expect(await store.find(key)).toBeUndefined();
  expect(dynamo).toHaveReceivedCommandWith(GetCommand, { Key, ConsistentRead: true });
});

test('lease and release hold only on the record as it was seen', async () => {
  await store.moveLease(key, record, 0);
  await store.release(key, record);
  const condition = {
    ConditionExpression: '#state = :running AND seed = :seed AND lease = :lease',
    ExpressionAttributeNames: { '#state': 'state' },
  };
  const seen = { ':running': 'running', ':seed': 's', ':lease': NOW + 1 };
  expect(dynamo).toHaveReceivedCommandWith(UpdateCommand, {
    Key,
    ...condition,
    ExpressionAttributeValues: { ...seen, ':next': 0 },
  });
  expect(dynamo).toHaveReceivedCommandWith(DeleteCommand, { Key, ...condition, ExpressionAttributeValues: seen });
});

test('the first worker to finish completes the request, whichever worker has the lease', async () => {
  await store.complete(key, record, 'sealed');
  expect(dynamo).toHaveReceivedCommandWith(UpdateCommand, {
    UpdateExpression: 'SET #state = :done, answer = :answer',
    ConditionExpression: '#state = :running AND seed = :seed',
  });
});

test('what is not a failed condition is thrown on', async () => {
  dynamo.on(UpdateCommand).rejects(new Error('throttled'));
  await expect(store.complete(key, record)).rejects.toThrow('throttled');
});
