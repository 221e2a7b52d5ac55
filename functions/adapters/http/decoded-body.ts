import type { Transform } from 'node:stream';
import { constants, createBrotliDecompress, createInflateRaw, createUnzip } from 'node:zlib';

/** Makes the reader of one Content-Encoding; it gives `chunkSize` bytes at a time, and what there is of a cut input. */
type Decoder = (bytes: Buffer, chunkSize: number) => Transform | undefined;

const unzip: Decoder = (bytes, chunkSize) => {
  const options = { chunkSize, finishFlush: constants.Z_SYNC_FLUSH };
  // Some servers send "deflate" without the header of zlib, whose first half byte is 8.
  const isRaw = bytes[0] !== 0x1f && (bytes[0]! & 0x0f) !== 8;
  return isRaw ? createInflateRaw(options) : createUnzip(options);
};
const unbrotli: Decoder = (bytes, chunkSize) => {
  // The first four bits tell the window that the decoder sets up (RFC 7932, 9.1); above 4 MB, ten bodies at a time are too much.
  const isVast = (bytes[0]! & 0x0f) > 0x0b;
  return isVast ? undefined : createBrotliDecompress({ chunkSize, finishFlush: constants.BROTLI_OPERATION_FLUSH });
};

const DECODERS = new Map<string, Decoder>([
  ['gzip', unzip],
  ['x-gzip', unzip],
  ['deflate', unzip],
  ['br', unbrotli],
]);

/**
 * The first `limit` bytes of what `bytes`, the beginning of a body, say once this Content-Encoding is undone; `bytes` themselves
 * if that cannot be done. We ask for no encoding, but some receivers use one, and their errors are for people to read. No more
 * than `limit` is ever inflated at once: a few bytes may stand for gigabytes.
 */
export async function decodedBody(bytes: Buffer, encoding: string | undefined, limit: number): Promise<Buffer> {
  const decoder = DECODERS.get(encoding?.trim().toLowerCase() ?? '');
  const stream = bytes.length > 0 ? decoder?.(bytes, limit) : undefined;
  if (stream === undefined) return bytes;
  const parts: Buffer[] = [];
  let length = 0;
  try {
    stream.end(bytes);
    for await (const part of stream) {
      parts.push(part);
      length += part.length;
      if (length >= limit) break;
    }
  } catch {
    // Broken somewhere: what came before counts.
  }
  return length > 0 ? Buffer.concat(parts).subarray(0, limit) : bytes;
}
