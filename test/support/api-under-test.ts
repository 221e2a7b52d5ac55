import { brotliCompressSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { dialectAt } from '../../functions/api/dialects/registry.js';
import { httpStack } from '../../functions/api/http/http-stack.js';
import type { Route } from '../../functions/api/http/route.js';
import { createApi } from '../../functions/api/http/serve.js';
import { routes as wholeTable } from '../../functions/api/routes/routes.js';
import { createKeyring, encryptionWith } from '../../functions/primitives/encryption.js';
import type { ApiPorts } from '../../functions/runtime/api-ports.js';
import { publishedDocuments } from '../../functions/runtime/published-documents.js';
import { createAuditTrail } from '../../functions/storage/audit-trail.js';
import { createClaimStore } from '../../functions/storage/claim-store.js';
import { type ConfigStore, createConfigStore } from '../../functions/storage/config-store.js';
import { createDocumentClient } from '../../functions/storage/document-client.js';
import { createFailedSignIns } from '../../functions/storage/failed-sign-ins.js';
import { createIdempotencyStore } from '../../functions/storage/idempotency-store.js';
import { createNameStore } from '../../functions/storage/name-store.js';
import { createScheduleStore } from '../../functions/storage/schedule-store.js';
import { createSeenSignatures } from '../../functions/storage/seen-signatures.js';
import { createSessionStore } from '../../functions/storage/session-store.js';
import { createUsageStore } from '../../functions/storage/usage-store.js';
import { startDynamoDb } from '../../local/dynamodb/server.js';
import { accessTo } from '../local/dynamodb/dynamodb-under-test.js';
import { countedMetrics } from './counted-metrics.js';
import { assertDocumented } from './documented.js';
import { QUOTAS } from './quotas.js';
import { configTable, tableOf } from './tables.js';

export const SESSION_MS = 12 * 60 * 60 * 1000;
export const OPERATOR_KEY = 'the operator key of the tests';
const MASTER = 'the master secret of the tests';
const KEYRING = createKeyring(MASTER);

export interface Call {
  readonly headers?: Record<string, string>;
  /** An object is sent as JSON, a string as it is, bytes in base64 (as API Gateway hands on what is not text). */
  readonly cookies?: string[];
  readonly body?: unknown;
  readonly contentType?: string;
  readonly requestId?: string;
  readonly sourceIp?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly cookies: readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came
  readonly body: any;
  readonly text: string;
}

/** The API's routes before a real (local) DynamoDB, called with the events that an HTTP API sends. */
export async function startApi(routes: readonly Route[], more: Partial<ApiPorts> = {}) {
  const server = await startDynamoDb();
  for (const table of [configTable('config'), tableOf('runs'), tableOf('audit')]) await server.ensureTable(table);
  const documents = createDocumentClient(new DynamoDBClient(accessTo(server)));
  const clock = { offset: 0, now: () => Date.now() + clock.offset, sleep: async () => {} };
  const logged: unknown[] = [];
  const dispatched: object[] = [];
  const configStore = createConfigStore(documents, 'config', clock);
  const ports = {
    config: configStore,
    configStore,
    schedules: createScheduleStore(documents, 'config', clock),
    idempotency: createIdempotencyStore(documents, 'runs', clock),
    claims: createClaimStore(documents, 'runs'),
    names: createNameStore(documents, 'config'),
    usage: createUsageStore(documents, 'runs', 'config', 30 * 86_400_000),
    takeQuota: async () => ({ isWithin: true }),
    auditTrail: createAuditTrail(documents, 'audit', clock),
    seenSignatures: createSeenSignatures(documents, 'runs', clock),
    sessions: createSessionStore(documents, 'runs', clock),
    failedSignIns: createFailedSignIns(documents, 'runs', clock),
    metrics: countedMetrics(),
    secrets: {
      ...encryptionWith(async () => KEYRING),
      operatorKey: async () => OPERATOR_KEY,
    },
    keepMs: 86_400_000,
    settings: {
      version: '1.2.3',
      allowHttp: false,
      allowLoopback: false,
      allowedTargets: ['arn:aws:sqs:us-east-1:000000000000:*'],
      requestLeaseMs: 29_000,
      sessionMs: SESSION_MS,
      listeners: true,
      quotas: QUOTAS,
    },
    documents: publishedDocuments(async (name) => brotliCompressSync(name)),
    clock,
    wakeUps: { sendToDispatcher: async (token: object) => void dispatched.push(token) },
    ...more,
  } as unknown as ApiPorts & { configStore: ConfigStore };
  const log = { error: (message: string, details: unknown) => logged.push([message, details]) };
  const handler = httpStack(createApi(routes, ports), log, (path) => dialectAt(path)?.error);

  async function call(method: string, target: string, options: Call = {}): Promise<Answer> {
    const result = await handler(anEvent(method, target, options), {} as Context);
    const text = result.body ?? '';
    const headers = result.headers as Record<string, string>;
    if (routes === wholeTable)
      assertDocumented(method, target, { status: result.statusCode!, text, header: (name) => headers[name] });
    const isJson = /[/+]json\b/.test(headers['content-type'] ?? '') && text !== '';
    return {
      status: result.statusCode!,
      headers,
      cookies: result.cookies ?? [],
      text,
      body: isJson ? JSON.parse(text) : undefined,
    };
  }

  return { call, ports, clock, logged, dispatched, documents, close: server.close };
}

export function anEvent(method: string, target: string, options: Call = {}): APIGatewayProxyEventV2 {
  const [path = '', query = ''] = target.split('?');
  const { body, contentType = 'application/json', requestId = 'request-1', sourceIp = '192.0.2.7' } = options;
  const text = Buffer.isBuffer(body) ? body.toString('base64') : typeof body === 'string' ? body : JSON.stringify(body);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    ...(options.cookies && { cookies: options.cookies }),
    headers: { ...(body !== undefined && { 'content-type': contentType }), ...options.headers },
    requestContext: {
      http: { method, path, sourceIp, userAgent: 'a test' },
      requestId,
    } as APIGatewayProxyEventV2['requestContext'],
    ...(text !== undefined && { body: text }),
    isBase64Encoded: Buffer.isBuffer(body),
  };
}
