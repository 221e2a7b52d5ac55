import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { FunctionPool } from '../../local/function-pool.js';
import { type HttpApi, startHttpApi } from '../../local/http-api.js';
import { routesOf } from '../../local/http-routes.js';
import { physicalResources } from '../../local/physical-resources.js';
import { temporaryFolder, writeBundle } from './temporary-folder.js';

/** Answers as the request's x-case says, by default with the event itself. */
const HANDLER = `exports.handler = async (event) => {
  switch (event.headers['x-case']) {
    case 'full': return { statusCode: 201, headers: { 'Content-Type': 'text/csv', 'X-Number': 7 }, cookies: ['a=1', 'b=2'], body: 'x,y' };
    case 'base64': return { statusCode: 200, body: Buffer.from([0, 255]).toString('base64'), isBase64Encoded: true };
    case 'empty': return { statusCode: 204 };
    case 'text': return { statusCode: 200, body: 'plain' };
    case 'malformed': return { statusCode: 200, body: { no: 'string' } };
    case 'bad header': return { statusCode: 200, headers: { 'x-bad': 'a\\nb' }, body: '' };
    case 'bare': return { hello: 'world' };
    case 'throw': throw new Error('secret detail');
    case 'slow': return new Promise((resolve) => setTimeout(() => resolve({ statusCode: 200 }), 1500));
    case 'huge': return { statusCode: 200, body: 'x'.repeat(6 * 1024 * 1024) };
    default: return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(event) };
  }
};`;

const template = {
  Resources: {
    Api: { Type: 'AWS::ApiGatewayV2::Api' },
    Handler: { Type: 'AWS::Lambda::Function' },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: { 'Fn::GetAtt': ['Handler', 'Arn'] },
        PayloadFormatVersion: '2.0',
        TimeoutInMillis: 1000,
      },
    },
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { RouteSettings: { 'GET /throttled': { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 3 } } },
    },
    Signed: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        RouteKey: 'ANY /iam/{proxy+}',
        AuthorizationType: 'AWS_IAM',
        Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
      },
    },
    ...Object.fromEntries(
      ['GET /throttled', 'GET /jobs/{id}', 'GET /jobs/first', 'ANY /files/{path+}', '$default'].map(
        (RouteKey, index) => [
          `Route${index}`,
          {
            Type: 'AWS::ApiGatewayV2::Route',
            Properties: { RouteKey, Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] } },
          },
        ],
      ),
    ),
  },
};

const folder = temporaryFolder();
const printed: string[] = [];
const log = (_: string, line: string) => printed.push(line);
let api: HttpApi;
let pool: FunctionPool;

beforeAll(async () => {
  api = await startHttpApi({ log });
  const code = writeBundle(folder, 'api', HANDLER);
  const definition = { name: 'Handler', code, handler: 'handler.handler', timeoutSeconds: 5, memoryMb: 256 };
  pool = new FunctionPool({ ...definition, environment: {} }, 2, log);
  const early = fetch(`${api.url}/early`); // waits until the routes are connected
  api.connect(routesOf(template, physicalResources(template, { sqs: '', api: api.url })), (arn) =>
    arn.endsWith(':Handler') ? pool : undefined,
  );
  expect((await early).status).toBe(200);
});

afterAll(async () => {
  await api.close();
  await pool.close();
});

// biome-ignore lint/suspicious/noExplicitAny: an event as JSON.
const eventOf = async (path: string, init?: RequestInit): Promise<any> => (await fetch(api.url + path, init)).json();
const answerTo = (kind: string, init: RequestInit = {}) =>
  fetch(`${api.url}/any`, { ...init, headers: { 'x-case': kind } });

test('a route with a throttle of its own refuses what comes beyond it; other routes do not', async () => {
  const statuses = async (path: string, init?: RequestInit) =>
    (await Promise.all(Array.from({ length: 10 }, () => fetch(api.url + path, init)))).map(({ status }) => status);
  const came = await statuses('/throttled');
  expect(came.filter((status) => status === 429).length).toBeGreaterThanOrEqual(5);
  expect(came.filter((status) => status === 200).length).toBeGreaterThanOrEqual(3);
  const refused = await fetch(`${api.url}/throttled`);
  if (refused.status === 429) expect(await refused.json()).toEqual({ message: 'Too Many Requests' });
  expect(await statuses('/throttled', { method: 'POST' })).toEqual(Array(10).fill(200));
  await sleep(300);
  expect((await fetch(`${api.url}/throttled`)).status).toBe(200);
});

test('a route of IAM refuses every request, since nothing here checks a signature', async () => {
  const refused = await fetch(`${api.url}/iam/v1/tasks`, { headers: { authorization: 'AWS4-HMAC-SHA256 x' } });
  expect([refused.status, await refused.json()]).toEqual([403, { message: 'Forbidden' }]);
  const { requestContext } = await eventOf('/v1/tasks', { headers: { 'x-amzn-authorizer': 'iam', authorizer: 'iam' } });
  expect(requestContext).not.toHaveProperty('authorizer');
});

describe('the event', () => {
  test('has the fields of payload format 2.0', async () => {
    const event = await eventOf('/v1/tasks?a=1&a=2&b=%20x&constructor=3', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json; charset=utf-8', Cookie: 'k=1; l=2', 'X-Mixed': 'Case' },
      body: '{"ü":1}',
    });
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/v1/tasks',
      rawQueryString: 'a=1&a=2&b=%20x&constructor=3',
      queryStringParameters: { a: '1,2', b: ' x', constructor: '3' },
      cookies: ['k=1', 'l=2'],
      body: '{"ü":1}',
      isBase64Encoded: false,
    });
    expect(event.headers).toMatchObject({ 'x-mixed': 'Case', 'content-length': '8', 'x-forwarded-for': '127.0.0.1' });
    expect(event.headers.cookie).toBeUndefined();
    expect(event.headers.connection).toBeUndefined();
    expect(event.requestContext).toMatchObject({
      http: { method: 'POST', path: '/v1/tasks', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' },
      stage: '$default',
      routeKey: '$default',
    });
    expect(event.requestContext.time).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
    expect(Math.abs(event.requestContext.timeEpoch - Date.now())).toBeLessThan(5_000);
  });

  test('without body, query or cookies leaves these out', async () => {
    const event = await eventOf('/any');
    for (const name of ['body', 'queryStringParameters', 'cookies', 'pathParameters'])
      expect(event).not.toHaveProperty(name);
    expect(event).toMatchObject({ rawQueryString: '', isBase64Encoded: false });
  });

  test('decodes the path, and cuts it at %3F', async () => {
    expect((await eventOf('/a%20b%2Fc')).rawPath).toBe('/a b/c');
    expect((await eventOf('/cut%3Fhere?q=1')).rawPath).toBe('/cut');
    expect((await eventOf('/%zz')).rawPath).toBe('/%zz');
  });

  test.each([
    ['application/octet-stream', true],
    ['application/x-www-form-urlencoded', true],
    ['application/problem+json', false],
    ['text/plain', false],
  ])('a body of %s is base64: %s', async (type, isBase64Encoded) => {
    const event = await eventOf('/', { method: 'POST', headers: { 'content-type': type }, body: Buffer.from('a=b') });
    expect(event).toMatchObject({ isBase64Encoded, body: isBase64Encoded ? 'YT1i' : 'a=b' });
  });

  test('names the most specific route and its path parameters', async () => {
    expect(await eventOf('/jobs/42')).toMatchObject({ routeKey: 'GET /jobs/{id}', pathParameters: { id: '42' } });
    expect((await eventOf('/jobs/first')).routeKey).toBe('GET /jobs/first');
    expect((await eventOf('/jobs/42', { method: 'DELETE' })).routeKey).toBe('$default');
    expect((await eventOf('/files/a/b')).pathParameters).toEqual({ path: 'a/b' });
  });
});

describe('the answer', () => {
  test('carries status, headers, cookies and body', async () => {
    const response = await answerTo('full');
    expect([response.status, await response.text()]).toEqual([201, 'x,y']);
    expect(response.headers.get('content-type')).toBe('text/csv');
    expect(response.headers.get('x-number')).toBe('7');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(response.headers.get('apigw-requestid')).toBeTruthy();
  });

  test('may be binary, empty, plain text or inferred', async () => {
    expect([...new Uint8Array(await (await answerTo('base64')).arrayBuffer())]).toEqual([0, 255]);
    const empty = await answerTo('empty');
    expect([empty.status, await empty.text(), empty.headers.get('content-type')]).toEqual([204, '', null]);
    expect((await answerTo('text')).headers.get('content-type')).toBe('text/plain;charset=UTF-8');
    const bare = await answerTo('bare');
    expect([bare.status, bare.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(await bare.json()).toEqual({ hello: 'world' });
  });

  test('to HEAD has the headers and no body', async () => {
    const response = await answerTo('text', { method: 'HEAD' });
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, '5', '']);
  });

  test.each([
    ['throw', 500, 'Internal Server Error'],
    ['malformed', 500, 'Internal Server Error'],
    ['bad header', 500, 'Internal Server Error'],
    ['huge', 500, 'Internal Server Error'],
    ['slow', 503, 'Service Unavailable'],
  ])('to a function that fails (%s) is %i and shows nothing of it', async (kind, status, message) => {
    const response = await answerTo(kind);
    expect([response.status, await response.json()]).toEqual([status, { message }]);
  });

  test.each([
    ['the API Gateway limit', 10 * 1024 * 1024 + 1],
    ['the Lambda limit', 7 * 1024 * 1024],
  ])('to a body beyond %s is 413', async (_, size) => {
    const headers = { 'content-type': 'text/plain' };
    const response = await fetch(api.url, { method: 'POST', headers, body: 'x'.repeat(size) });
    expect([response.status, await response.json()]).toEqual([413, { message: 'Request Entity Too Large' }]);
  });
});

test('clients that hang up, before or after the function has answered, harm no other request', async () => {
  const upload = request(api.url, { method: 'POST', headers: { 'content-length': 100 } });
  upload.on('error', () => {});
  upload.write('half');
  const waiting = request(`${api.url}/any`, { headers: { 'x-case': 'slow' } });
  waiting.on('error', () => {});
  waiting.end();
  await sleep(50);
  upload.destroy();
  waiting.destroy();
  await sleep(300);
  expect((await fetch(`${api.url}/any`)).status).toBe(200);
});

test('a connection is kept open over requests', async () => {
  const socket = connect(api.port, '127.0.0.1');
  let text = '';
  socket.on('data', (data) => {
    text += data;
  });
  const ask = 'GET /any HTTP/1.1\r\nhost: x\r\nx-case: text\r\n\r\n';
  socket.write(ask);
  while (!text.endsWith('plain')) await sleep(5);
  text = '';
  socket.write(ask);
  while (!text.endsWith('plain')) await sleep(5);
  expect(text).toMatch(/^HTTP\/1\.1 200/);
  socket.destroy();
});

test('the address alone leads to the console, and a write to it to the API', async () => {
  for (const method of ['GET', 'HEAD']) {
    const { status, headers } = await fetch(`${api.url}/?from=nowhere`, { method, redirect: 'manual' });
    expect([status, headers.get('location')]).toEqual([302, '/console/']);
  }
  expect(await eventOf('/', { method: 'POST' })).toMatchObject({ rawPath: '/' });
});
