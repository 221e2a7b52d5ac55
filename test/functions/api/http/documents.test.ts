import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { documentAnswer } from '../../../../functions/api/http/documents.js';
import { publishedDocuments } from '../../../../functions/runtime/published-documents.js';

const TEXT = 'a document '.repeat(100);
let reads = 0;
const documents = publishedDocuments(async () => {
  reads++;
  return brotliCompressSync(TEXT);
});

const answer = async (headers: Record<string, string>) =>
  documentAnswer(
    await documents('llms.txt'),
    { header: (name) => headers[name] ?? '' },
    { 'content-type': 'text/plain' },
  );

test('is read once', async () => {
  await answer({});
  await answer({});
  expect(reads).toBe(1);
});

test('a document that could not be read is read again', async () => {
  let isThere = false;
  const late = publishedDocuments(async () => {
    if (isThere) return brotliCompressSync(TEXT);
    throw new Error('too many open files');
  });
  await expect(late('docs.html')).rejects.toThrow('too many open files');
  isThere = true;
  expect((await late('docs.html')).text).toBe(TEXT);
});

test.each(['br', 'gzip, deflate, br', 'gzip;q=0.5, br;q=0.9', 'BR'])('%j: compressed', async (accepted) => {
  const { status, body, headers } = await answer({ 'accept-encoding': accepted });
  expect(status).toBe(200);
  expect(brotliDecompressSync(body as Buffer).toString()).toBe(TEXT);
  expect(headers).toMatchObject({ 'content-encoding': 'br', 'content-type': 'text/plain', vary: 'accept-encoding' });
});

test.each(['', 'gzip', 'identity', 'brotli', 'br;q=0', 'br; q=0.0, gzip', 'x-br'])('%j: plain', async (accepted) => {
  const { body, headers } = await answer({ 'accept-encoding': accepted });
  expect(body).toBe(TEXT);
  expect(headers).not.toHaveProperty('content-encoding');
});

test('a client that has the document gets none', async () => {
  const etag = (await answer({})).headers!['etag']!;
  for (const known of [etag, etag.replace('W/', ''), `"x", ${etag}`, '*'])
    expect(await answer({ 'if-none-match': known })).toMatchObject({ status: 304, headers: { etag } });
  for (const other of ['', '"x"', etag.replaceAll('"', '')])
    expect((await answer({ 'if-none-match': other })).status).toBe(200);
  expect(await answer({ 'if-none-match': etag })).not.toHaveProperty('body');
});
