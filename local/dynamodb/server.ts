import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { BatchGetItemInput, CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { Store } from 'dynalite/db/index.js';
import { type Answer, type AnsweringServer, serveAnswers } from '../loopback-server.js';
import { batchGet } from './batch-get.js';
import { callDynalite, isDynaliteError, isDynaliteOperation, openStore } from './dynalite-calls.js';
import type { IndexLag } from './lagging-indexes.js';
import { LaggingReads, type ReadLag } from './lagging-reads.js';
import { activateTables, createTableIfAbsent } from './tables.js';
import { TimeToLive } from './time-to-live.js';

const SWEEP_EVERY_MS = 60_000;

export interface DynamoDbServer extends AnsweringServer {
  /** Creates the table if it is absent, and switches its TTL on. The table can be used on return. */
  ensureTable(input: CreateTableCommandInput & { ttlAttribute?: string }): Promise<void>;
  /** Deletes items that have expired by now(), as the server does every minute; for tests that move the clock. */
  sweep(): Promise<void>;
}

/**
 * A local DynamoDB: dynalite's storage and expressions behind our own HTTP layer, because dynalite's server listens on
 * every interface, and a broken upload ends its process.
 *
 * State is in the folder `path`, which one process at a time may use, and survives `kill -9`; without a path `close`
 * deletes the state. With `indexLag`, global secondary indexes lag behind their table, and with `readLag` eventually
 * consistent reads do, as on AWS.
 */
export async function startDynamoDb(
  options: { path?: string; port?: number; now?: () => number; indexLag?: IndexLag; readLag?: ReadLag } = {},
): Promise<DynamoDbServer> {
  const { store, close } = await openStore(options.path, options.indexLag);
  await activateTables(store);
  const reads = options.readLag && new LaggingReads(store, options.readLag);
  const ttl = new TimeToLive(store);
  const server = await serveAnswers((request, body) => {
    const [api, operation] = String(request.headers['x-amz-target']).split('.');
    const answerTo = api === 'DynamoDB_20120810' && operation ? operation : '';
    return respond(() => perform({ store, reads }, answerTo, JSON.parse(body.toString())));
  }, options.port).catch(async (error) => {
    await close();
    throw error;
  });
  const sweeping = startSweeping(ttl, options.now ?? Date.now);

  return {
    ...server,
    ensureTable: async ({ ttlAttribute, ...input }) => {
      await createTableIfAbsent(store, input);
      if (ttlAttribute) await ttl.enable(input.TableName!, ttlAttribute);
    },
    sweep: sweeping.sweep,
    close: async () => {
      await server.close();
      await sweeping.stop();
      await close();
    },
  };
}

interface Served {
  readonly store: Store;
  readonly reads: LaggingReads | undefined;
}

async function perform({ store, reads }: Served, operation: string, input: object): Promise<object> {
  if (operation === 'BatchGetItem') return batchGet(store, input as BatchGetItemInput);
  if (!isDynaliteOperation(operation)) throw new UnknownOperation();
  const output = await callDynalite<object>(store, operation, input);
  return reads && (operation === 'GetItem' || operation === 'Query') ? reads.late(input, output) : output;
}

class UnknownOperation extends Error {
  readonly statusCode = 400;
  readonly body = { __type: 'com.amazon.coral.service#UnknownOperationException' };
}

async function respond(work: () => Promise<object>): Promise<Answer> {
  try {
    return answerWith(200, await work());
  } catch (error) {
    if (error instanceof SyntaxError)
      return answerWith(400, { __type: 'com.amazon.coral.service#SerializationException' });
    if (isDynaliteError(error)) return answerWith(error.statusCode, error.body);
    throw error;
  }
}

function answerWith(status: number, output: object): Answer {
  const body = Buffer.from(JSON.stringify(output));
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amzn-requestid': randomUUID(),
    'x-amz-crc32': String(crc32(body)),
  };
  return { status, headers, body };
}

function startSweeping(ttl: TimeToLive, now: () => number): { sweep(): Promise<void>; stop(): Promise<void> } {
  const stopping = new AbortController();
  let last = Promise.resolve();
  const sweep = () => {
    const next = last.then(() => ttl.sweep(now(), stopping.signal));
    last = next.catch(() => {});
    return next;
  };
  const timer = setInterval(() => sweep().catch(console.error), SWEEP_EVERY_MS);
  timer.unref();
  const stop = () => {
    clearInterval(timer);
    stopping.abort();
    return last;
  };
  return { sweep, stop };
}
