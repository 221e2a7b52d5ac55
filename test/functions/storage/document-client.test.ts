import { ConditionalCheckFailedException, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { createDocumentClient } from '../../../functions/storage/document-client.js';
import { type LoopbackServer, serveLoopback } from '../../../local/loopback-server.js';

/** DynamoDB, as far as it answers what it was asked. */
let server: LoopbackServer;
const requests: { readonly operation: string; readonly body: object }[] = [];
let client: DynamoDBClient;

beforeAll(async () => {
  server = await serveLoopback(async ({ headers }, body, response) => {
    const request = { operation: String(headers['x-amz-target']).split('.')[1]!, body: JSON.parse(body.toString()) };
    requests.push(request);
    const isRefused = request.body.ConditionExpression !== undefined;
    const refusal = { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException', message: 'refused' };
    response.writeHead(isRefused ? 400 : 200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(isRefused ? refusal : { Item: request.body.Key }));
  });
  const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' };
  client = new DynamoDBClient({ endpoint: server.url, region: 'eu-central-1', credentials });
});

afterAll(async () => {
  client.destroy();
  await server.close();
});

test('asks and answers like the library’s own, again and again, also side by side', async () => {
  const options = { marshallOptions: { removeUndefinedValues: true } };
  const own = DynamoDBDocumentClient.from(client, options);
  const caching = createDocumentClient(client);
  const keys = Array.from({ length: 5 }, (_, n) => ({ pk: `p${n}`, data: new Uint8Array([n]), n, none: undefined }));
  const ask = async (documents: DynamoDBDocumentClient) => {
    requests.length = 0;
    const answers = await Promise.all(
      keys.flatMap((Key) => [
        documents.send(new GetCommand({ TableName: 't', Key })).then(({ Item }) => Item),
        documents.send(new PutCommand({ TableName: 't', Item: Key })).then(({ Attributes }) => Attributes),
      ]),
    );
    return { answers, requests: requests.map((request) => JSON.stringify(request)).sort() };
  };
  const expected = await ask(own);
  expect(expected.answers).toContainEqual({ pk: 'p3', data: new Uint8Array([3]), n: 3 });
  expect(await ask(caching)).toEqual(expected);
  expect(await ask(caching)).toEqual(expected);
});

test('throws what DynamoDB refuses, and goes on', async () => {
  const caching = createDocumentClient(client);
  const put = (ConditionExpression?: string) =>
    caching.send(new PutCommand({ TableName: 't', Item: { pk: 'a' }, ConditionExpression }));
  await expect(put('attribute_not_exists(pk)')).rejects.toThrow(ConditionalCheckFailedException);
  await expect(put()).resolves.toBeDefined();
  await expect(
    caching.send(new QueryCommand({ TableName: 't', ExpressionAttributeValues: { ':pk': 'a' } })),
  ).resolves.toBeDefined();
});

test('takes options, and commands of the plain client', async () => {
  const caching = createDocumentClient(client);
  const get = new GetCommand({ TableName: 't', Key: { pk: 'a' } });
  await expect(caching.send(get, { abortSignal: AbortSignal.abort() })).rejects.toThrow('abort');
  expect((await caching.send(get, {})).Item).toEqual({ pk: 'a' });
  const plain = new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } });
  expect((await caching.send(plain)).Item).toEqual({ pk: { S: 'a' } });
});
