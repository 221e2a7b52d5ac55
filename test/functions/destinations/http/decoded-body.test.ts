import { Readable } from 'node:stream';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { decodedBody } from '../../../../functions/destinations/http/response-body.js';

const LIMIT = 4096;
const text = '{"error":"Database connection pool exhausted"}';
const brotli = (input: Buffer | string) =>
  brotliCompressSync(input, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
const compressors = [
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['GZIP ', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotli],
] as const;

test.each(compressors)('%s is undone', async (encoding, compress) => {
  expect((await decodedBody(compress(text), encoding, LIMIT)).toString()).toBe(text);
});

test.each(compressors)('of %s that was cut the beginning is read', async (encoding, compress) => {
  const long = Array.from({ length: 3000 }, (_, index) => `line ${index * 7919} `).join('');
  const cut = compress(long).subarray(0, 2000);
  const decoded = (await decodedBody(cut, encoding, LIMIT)).toString();
  expect(decoded.length).toBeGreaterThan(1000);
  expect(long.startsWith(decoded)).toBe(true);
});

test.each(compressors)(
  '%s that stands for gigabytes gives its first bytes, and no more are made',
  async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(4 * 1024 * 1024)).subarray(0, LIMIT);
    const made = jest.spyOn(Readable.prototype, 'push');
    expect(await decodedBody(bomb, encoding, LIMIT)).toEqual(Buffer.alloc(LIMIT));
    const bytes = made.mock.calls.reduce((sum, [chunk]) => sum + (chunk?.length ?? 0), 0);
    made.mockRestore();
    // The stream reads ahead of us.
    expect(bytes).toBeLessThan(16 * LIMIT);
  },
);

test.each(['gzip', 'deflate', 'br'])('what says %s and is not is left as it is', async (encoding) => {
  for (const bytes of [Buffer.from('<html>'), Buffer.from([0x1f, 0x8b]), Buffer.from([8]), Buffer.alloc(0)])
    expect(await decodedBody(bytes, encoding, LIMIT)).toBe(bytes);
});

test('of a window that takes much memory nothing is read', async () => {
  const withWindow = (bits: number) =>
    brotliCompressSync(text.repeat(400_000), {
      params: { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_LGWIN]: bits },
    }).subarray(0, LIMIT);
  expect((await decodedBody(withWindow(22), 'br', LIMIT)).toString()).toBe(text.repeat(100).slice(0, LIMIT));
  expect(await decodedBody(withWindow(23), 'br', LIMIT)).toEqual(withWindow(23));
});

test('what breaks half-way is read up to there', async () => {
  const broken = gzipSync(Buffer.from(text.repeat(20)), { level: 0 });
  broken.fill(0xff, broken.length - 8);
  expect((await decodedBody(broken, 'gzip', LIMIT)).toString()).toContain(text);
});
