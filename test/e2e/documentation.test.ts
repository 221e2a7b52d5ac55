import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pagePolicy } from '../../functions/api/http/documents.js';
import { arrivals, headersOf } from '../../functions/api/openapi/arrivals.js';
import { openApiDocument } from '../../functions/api/openapi/document.js';
import type { Received } from '../../local/receiver.js';
import { startForgingIssuer } from '../support/forging-issuer.js';
import { expectStatus, HttpClient } from '../support/http-client.js';
import { suiteWorld } from '../support/suite-world.js';
import { asExamples } from './examples/as-example.js';
import { ExampleTaker } from './examples/example-taker.js';
import { arrived, takeEverything } from './examples/take-everything.js';

const provider = startForgingIssuer();
afterAll(async () => (await provider).close());
const starting = suiteWorld(
  provider.then(({ issuer }) => {
    const identityProvider = { issuer, clientId: 'punctual', roles: { admins: { '*': 'admin' } } } as const;
    return { settings: { auditDeliveries: true, identityProvider } };
  }),
);

/** A reader of the documentation needs no credential. */
async function read(path: string) {
  const { stack } = await starting;
  return expectStatus(await new HttpClient(stack.api).get(path), 200);
}

test('the document is served as the bundle was made with it', async () => {
  const { body } = await read('/openapi.json');
  expect(body).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
});

test('the page is one file, which may load nothing', async () => {
  const { headers, text } = await read('/docs');
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(headers.get('content-security-policy')).toBe(pagePolicy(text));
  expect(text).toMatch(/^<!doctype html>[\s\S]*createTask[\s\S]*<\/html>\n$/);
});

test('a document is read once, sent compressed, and not sent to a client that has it', async () => {
  const { stack } = await starting;
  for (const path of ['/docs', '/openapi.json', '/llms.txt']) {
    const { headers, text } = await new HttpClient(stack.api, { 'accept-encoding': 'br' }).get(path); // decompressed by fetch
    expect([headers.get('content-encoding'), headers.get('vary')]).toEqual(['br', 'accept-encoding']);
    expect(headers.get('cache-control')).toBe('public, max-age=300');
    const plain = await fetch(stack.api + path, { headers: { 'accept-encoding': 'gzip' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await plain.text()).toBe(text);
    const again = await fetch(stack.api + path, { headers: { 'if-none-match': `"x", ${headers.get('etag')}` } });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', headers.get('etag')]);
    const changed = await fetch(stack.api + path, { headers: { 'if-none-match': 'W/"of the release before"' } });
    expect(changed.status).toBe(200);
  }
});

test('an answer that is not documented is found', async () => {
  const { api } = await starting;
  const { fetch } = globalThis;
  const answering = (body: object, status: number) =>
    jest.spyOn(globalThis, 'fetch').mockResolvedValueOnce(Response.json(body, { status }));
  answering({ status: 'ok', version: '1', more: 1 }, 200);
  await expect(api.get('/v1/healthz')).rejects.toThrow(/not as documented: .*unrecognized_keys/s);
  answering({ status: 'ok', version: '1' }, 418);
  await expect(api.get('/v1/healthz')).rejects.toThrow('answered 418, which is not documented');
  jest.restoreAllMocks();
  expect(globalThis.fetch).toBe(fetch);
});

const EXAMPLES = join(__dirname, '../../functions/api/openapi/examples.json');
const OURS = /^(webhook-|punctual-|x-|idempotency-key|traceparent|tracestate)/;

/** `EXAMPLES=take npx jest test/e2e/documentation` writes them anew. */
test('every example is what was really sent, answered or delivered', async () => {
  const { stack } = await starting;
  const document = JSON.parse(JSON.stringify(openApiDocument()));
  const asExample = asExamples(stack.receiver);
  const taker = new ExampleTaker(document, asExample);
  const received = await takeEverything(stack, taker, asExample);
  const came = Object.keys(arrivals).map((name): [string, Received] => [name, arrived(received, name)!]);
  for (const [name, { headers, body }] of came) {
    const { body: schema } = arrivals[name]!;
    expect([name, schema?.safeParse(JSON.parse(body)).error?.message]).toEqual([name, undefined]);
    const documented = Object.entries(headersOf(arrivals[name]!));
    const known = documented.map(([header]) => header.toLowerCase());
    const required = documented.filter(([, { required }]) => required).map(([header]) => header.toLowerCase());
    const ours = Object.keys(headers).filter((header) => OURS.test(header));
    expect([name, ours.filter((header) => !known.includes(header))]).toEqual([name, []]);
    expect([name, ours]).toEqual([name, expect.arrayContaining(required)]);
  }
  const taken = {
    schemas: Object.fromEntries(Object.entries(taker.examples).sort(([a], [b]) => (a < b ? -1 : 1))),
    arrivals: Object.fromEntries(came.map(([name, { body }]) => [name, asExample(JSON.parse(body))])),
    headers: Object.assign({}, ...came.map(([, { headers }]) => shownHeaders(headers, asExample)).reverse()),
  };
  if (process.env['EXAMPLES'] === 'take') writeFileSync(EXAMPLES, `${JSON.stringify(taken, undefined, 2)}\n`);
  expect(taken).toEqual(JSON.parse(readFileSync(EXAMPLES, 'utf8')));
  expect(Object.keys(taken.schemas)).toEqual(Object.keys(document.components.schemas).sort());
}, 120_000);

function shownHeaders(headers: Received['headers'], asExample: (value: unknown) => unknown): object {
  const ours = Object.entries(headers).filter(([name]) => OURS.test(name));
  return asExample(Object.fromEntries(ours)) as object;
}
