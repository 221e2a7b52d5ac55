import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { makeId } from '../../../functions/primitives/ids.js';
import { createConfigStore } from '../../../functions/storage/config-store.js';
import type { ApiKey, Project } from '../../../functions/subjects/projects/project.js';

const dynamo = mockClient(DynamoDBDocumentClient);
const store = createConfigStore(dynamo as unknown as DynamoDBDocumentClient, 'config');
const refused = new ConditionalCheckFailedException({ message: '', $metadata: {} });
const id = makeId('proj', 1, Buffer.alloc(8));
const keyId = makeId('ak', 1, Buffer.alloc(8));
const project: Project = {
  id,
  name: 'n',
  environment: 'staging',
  shards: 1,
  signing_secret: 's',
  created_at: 1,
  updated_at: 1,
};
const key: ApiKey = { id: keyId, project_id: id, label: 'l', last_four: 'ffff', signing_secret: 's', created_at: 1 };
const at = { pk: 'PROJECTS', sk: id };

beforeEach(() => dynamo.reset());

test('creation puts if absent, and answers what stands', async () => {
  expect(await store.createProject(project)).toEqual(project);
  expect(dynamo).toHaveReceivedCommandWith(PutCommand, {
    Item: { ...project, ...at, version: 1 },
    ConditionExpression: 'attribute_not_exists(pk)',
  });
  dynamo.on(PutCommand).rejects(refused);
  dynamo.on(GetCommand).resolves({ Item: { ...project, name: 'earlier', ...at, version: 4 } });
  expect(await store.createProject(project)).toEqual({ ...project, name: 'earlier' });
});

test('a change holds on the version it was made from, else it is made anew', async () => {
  dynamo
    .on(GetCommand, { ConsistentRead: true })
    .resolvesOnce({ Item: { ...project, ...at, version: 4 } })
    .resolves({ Item: { ...project, environment: 'production', ...at, version: 5 } });
  dynamo.on(PutCommand).rejectsOnce(refused).resolves({});
  const changed = await store.changeProject(id, (current) => ({ ...current, name: 'new' }));
  expect(changed).toEqual({ ...project, name: 'new', environment: 'production' });
  expect(dynamo).toHaveReceivedNthSpecificCommandWith(2, PutCommand, {
    Item: { ...project, name: 'new', environment: 'production', ...at, version: 6 },
    ConditionExpression: 'version = :seen',
    ExpressionAttributeValues: { ':seen': 5 },
  });
});

test('endpoints are read together, each once, and each by who asked for it', async () => {
  const [one, other] = [1, 2].map((n) => makeId('ep', 1, Buffer.alloc(8, n))) as [string, string];
  const item = { pk: id, sk: one, version: 3, id: one, project_id: id, name: 'billing' };
  dynamo.on(BatchGetCommand).resolves({ Responses: { config: [item] } });
  const keys = [one, other, one].map((endpoint) => ({ project: id, endpoint }));
  const billing = { id: one, project_id: id, name: 'billing' };
  expect(await store.endpointsAt(keys)).toEqual([billing, undefined, billing]);
  const Keys = [one, other].map((sk) => ({ pk: id, sk }));
  expect(dynamo).toHaveReceivedCommandWith(BatchGetCommand, {
    RequestItems: { config: { Keys, ConsistentRead: true } },
  });
});

test('there is no changing or removing what is not there', async () => {
  dynamo.on(GetCommand).resolves({});
  dynamo.on(DeleteCommand).rejects(refused);
  expect(await store.changeProject(id, (current) => current)).toBeUndefined();
  expect(await store.deleteEndpoint(id, makeId('ep', 1, Buffer.alloc(8)))).toBe(false);
  expect(dynamo).not.toHaveReceivedCommand(PutCommand);
  expect(dynamo).toHaveReceivedCommandWith(DeleteCommand, { ConditionExpression: 'attribute_exists(pk)' });
});

test('an id of the wrong form is not even looked for', async () => {
  expect(await store.endpoint(id, 'nonsense')).toBeUndefined();
  expect(await store.project('x'.repeat(5_000))).toBeUndefined();
  expect(dynamo).not.toHaveReceivedCommand(GetCommand);
});

test("a key's authority is written last", async () => {
  await store.createKey(key, 'hash');
  const written = dynamo.commandCalls(PutCommand).map(({ args }) => args[0].input.Item!['pk']);
  expect(written).toEqual([id, 'H#hash', `K#${keyId}`]);
});

test('a key whose creation is repeated is good under both hashes', async () => {
  dynamo.on(PutCommand, { ConditionExpression: 'attribute_not_exists(pk)' }).callsFake(({ Item }) => {
    if (Item.pk !== 'H#second') throw refused;
  });
  const entry = { id: keyId, hashes: ['first'], pk: id, sk: keyId, version: 1 };
  dynamo.on(GetCommand).resolves({ Item: { ...key, last_four: 'aaaa', pk: `K#${keyId}`, sk: 'key', version: 1 } });
  dynamo.on(GetCommand, { Key: { pk: id, sk: keyId } }).resolves({ Item: entry });
  expect(await store.createKey({ ...key, signing_secret: 'other' }, 'second')).toEqual(key);
  const Item = { ...entry, hashes: ['first', 'second'], version: 2 };
  expect(dynamo).toHaveReceivedCommandWith(PutCommand, { Item });
});

test('revocation is one conditional write, and the same again is the same', async () => {
  const item = { ...key, pk: `K#${keyId}`, sk: 'key', version: 1 };
  dynamo.on(GetCommand).resolves({ Item: item });
  expect(await store.revokeKey(id, keyId, 7)).toBe(true);
  expect(dynamo).toHaveReceivedCommandWith(PutCommand, {
    Item: { ...item, revoked_at: 7, version: 2 },
    ConditionExpression: 'version = :seen',
  });
  dynamo.on(GetCommand).resolves({ Item: { ...item, revoked_at: 7 } });
  expect(await store.revokeKey(id, keyId, 7)).toBe(true);
  expect(await store.revokeKey(id, keyId, 8)).toBe(false);
  expect(await store.revokeKey(makeId('proj', 2, Buffer.alloc(8)), keyId, 7)).toBe(false);
});

test('the last use is noted once a minute, by one conditional write', async () => {
  dynamo.on(UpdateCommand).rejects(refused);
  await store.noteKeyUse(keyId, '192.0.2.7', 100_000, 40_000);
  expect(dynamo).toHaveReceivedCommandWith(UpdateCommand, {
    ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(last_used_at) OR last_used_at <= :since)',
    ExpressionAttributeValues: { ':at': 100_000, ':since': 40_000, ':from': '192.0.2.7' },
  });
});
