import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { MatchedRoute } from './http-routes.js';
import { ACCOUNT_ID } from './template.js';

/** A request's path and query as API Gateway passes them: the path is decoded, and cut at a `%3F`. */
export function splitTarget(target: string): { path: string; query: string } {
  const [encoded = '/', ...query] = target.split('?');
  const [path = '/'] = decode(encoded).split('?');
  return { path, query: query.join('?') };
}

/** The payload of format 2.0 with which an HTTP API invokes its function. */
export function httpEvent(request: IncomingMessage, body: Buffer, route: MatchedRoute): APIGatewayProxyEventV2 {
  const { path, query } = splitTarget(request.url ?? '/');
  const { cookie, ...headers } = joinedHeaders(request);
  const cookies = cookie?.split(/; */).filter(Boolean);
  return {
    version: '2.0',
    routeKey: route.key,
    rawPath: path,
    rawQueryString: query,
    ...(cookies && { cookies }),
    headers,
    ...(query && { queryStringParameters: queryParameters(query) }),
    ...(route.pathParameters && { pathParameters: route.pathParameters }),
    requestContext: requestContext(request, path, route),
    ...bodyFields(body, headers['content-type']),
  };
}

/** Headers in lower case, repeated ones joined by commas, without hop-by-hop headers, with those of API Gateway. */
function joinedHeaders(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, values = []] of Object.entries(request.headersDistinct)) {
    if (!HOP_BY_HOP.has(name)) headers[name] = values.join(name === 'cookie' ? '; ' : ',');
  }
  headers['x-amzn-trace-id'] ??= `Root=1-${seconds(Date.now())}-${randomUUID().replaceAll('-', '').slice(0, 24)}`;
  headers['x-forwarded-for'] = [headers['x-forwarded-for'], sourceIp(request)].filter(Boolean).join(', ');
  headers['x-forwarded-port'] = String(request.socket.localPort);
  headers['x-forwarded-proto'] = 'http';
  return headers;
}
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'te', 'trailer', 'upgrade', 'expect']);

const seconds = (ms: number): string => Math.floor(ms / 1000).toString(16);
const sourceIp = (request: IncomingMessage): string => request.socket.remoteAddress ?? '127.0.0.1';

function requestContext(
  request: IncomingMessage,
  path: string,
  route: MatchedRoute,
): APIGatewayProxyEventV2['requestContext'] {
  const now = Date.now();
  const domainName = request.headers.host ?? '127.0.0.1';
  return {
    accountId: ACCOUNT_ID,
    apiId: 'local',
    domainName,
    domainPrefix: domainName.split(/[.:]/)[0] ?? '',
    http: {
      method: request.method ?? 'GET',
      path,
      protocol: `HTTP/${request.httpVersion}`,
      sourceIp: sourceIp(request),
      userAgent: request.headers['user-agent'] ?? '',
    },
    requestId: randomUUID(),
    routeKey: route.key,
    stage: '$default',
    time: commonLogTime(now),
    timeEpoch: now,
  };
}

/** `12/Mar/2020:19:03:58 +0000` */
function commonLogTime(ms: number): string {
  const [, day, month, year, time] = new Date(ms).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}

/** Repeated parameters are joined by commas. */
function queryParameters(query: string): Record<string, string> {
  const search = new URLSearchParams(query);
  return Object.fromEntries([...search.keys()].map((name) => [name, search.getAll(name).join(',')]));
}

/** HTTP APIs pass these content types as text, and all others (forms too) in base64. */
const TEXT_TYPES = /^(text\/|application\/(json|javascript|xml|[\w.-]+\+(json|xml))(\s*;|\s*$))/i;

function bodyFields(body: Buffer, contentType = ''): Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'> {
  if (body.length === 0) return { isBase64Encoded: false };
  const isBase64Encoded = !TEXT_TYPES.test(contentType);
  return { body: body.toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded };
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
