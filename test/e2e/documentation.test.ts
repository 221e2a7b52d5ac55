import { openApiDocument } from '../../functions/api/openapi/document.js';
import { pagePolicy } from '../../functions/api/openapi/page.js';
import { expectStatus, HttpClient } from '../support/http-client.js';
import { suiteWorld } from '../support/suite-world.js';

const starting = suiteWorld();

/** Whoever reads it needs no credential. */
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
  expect(headers.get('content-security-policy')).toBe(pagePolicy);
  expect(text).toMatch(/^<!doctype html>[\s\S]*createTask[\s\S]*<\/html>\n$/);
});

test('an answer that is not documented is found', async () => {
  const { api } = await starting;
  const { fetch } = globalThis;
  const answering = (body: object, status: number) =>
    jest.spyOn(globalThis, 'fetch').mockResolvedValueOnce(Response.json(body, { status }));
  answering({ status: 'ok', version: '1', more: 1 }, 200);
  await expect(api.get('/v1/healthz')).rejects.toThrow(/not as documented: .*Unrecognized key/s);
  answering({ status: 'ok', version: '1' }, 418);
  await expect(api.get('/v1/healthz')).rejects.toThrow('answered 418, which is not documented');
  jest.restoreAllMocks();
  expect(globalThis.fetch).toBe(fetch);
});
