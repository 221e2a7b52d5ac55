import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateScan,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { startDynamoDb } from '../../../local/dynamodb/server.js';
import { documentClient, TABLE } from './table.js';

const TableName = TABLE.TableName!;
const SERVER = resolve(__dirname, '../../../local/dynamodb/server.ts');
const START = `
  const { startDynamoDb } = require(${JSON.stringify(SERVER)});
  startDynamoDb({ path: process.argv[1] }).then(async (server) => {
    await server.ensureTable(${JSON.stringify({ ...TABLE, ttlAttribute: 'expiresAt' })});
    console.log(server.url);
  });
`;

/** Enough that every item has moved more than once. */
const WRITES = 200;

let child: ChildProcess;

afterEach(() => {
  child.kill('SIGKILL');
});

test('kill -9 in the middle of writing loses nothing acknowledged and leaves the index true', async () => {
  const path = mkdtempSync(join(tmpdir(), 'dynamodb-'));
  child = spawn(process.execPath, ['--import', 'tsx', '-e', START, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = String((await once(child.stdout!, 'data'))[0]).trim();
  const acknowledged = await writeUntilKilled(url);
  expect(acknowledged.size).toBe(40);

  const server = await startDynamoDb({ path });
  const client = documentClient(server.url);
  const items = await scan(client);
  for (const [sk, version] of acknowledged) expect(items.get(sk)?.version).toBeGreaterThanOrEqual(version);
  const entries = await scan(client, 'by-endpoint');
  const keyOf = ({ pk, sk, g1pk, g1sk }: Record<string, unknown>) => ({ pk, sk, g1pk, g1sk });
  expect([...entries.values()]).toEqual(expect.arrayContaining([...items.values()].map(keyOf)));
  expect(entries.size).toBe(items.size);
  const Key = { pk: 'of', sk: 'yesterday' };
  await client.send(new PutCommand({ TableName, Item: { ...Key, expiresAt: Math.floor(Date.now() / 1000) - 86_400 } }));
  await server.sweep();
  expect((await client.send(new GetCommand({ TableName, Key }))).Item).toBeUndefined();

  client.destroy();
  await server.close();
  rmSync(path, { recursive: true });
});

/** Eight writers move forty items through the index until the server dies; gives the last version each was told of. */
async function writeUntilKilled(url: string): Promise<Map<string, number>> {
  const client = documentClient(url);
  const acknowledged = new Map<string, number>();
  let killed = false;
  let written = 0;
  const write = async (writer: number) => {
    for (let version = 1; !killed; version++) {
      const sk = `${writer}-${version % 5}`;
      const values = { ':version': version, ':pk': `g${version % 3}`, ':sk': `${version}` };
      const UpdateExpression = 'SET version = :version, g1pk = :pk, g1sk = :sk';
      const update = { TableName, Key: { pk: 'p', sk }, UpdateExpression, ExpressionAttributeValues: values };
      await client.send(new UpdateCommand(update)).then(
        () => acknowledged.set(sk, version),
        () => {},
      );
      if (++written === WRITES) {
        killed = true;
        child.kill('SIGKILL');
      }
    }
  };
  const writers = Array.from({ length: 8 }, (_, writer) => write(writer));
  await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  await Promise.all(writers);
  client.destroy();
  return acknowledged;
}

async function scan(client: DynamoDBDocumentClient, IndexName?: string): Promise<Map<string, Record<string, unknown>>> {
  const found = new Map<string, Record<string, unknown>>();
  for await (const page of paginateScan({ client }, { TableName, ...(IndexName ? { IndexName } : {}) })) {
    for (const item of page.Items ?? []) found.set(item.sk, item);
  }
  return found;
}
