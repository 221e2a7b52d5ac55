import type { IncomingHttpHeaders } from 'node:http';
import type { Transform } from 'node:stream';
import { constants, createBrotliDecompress, createInflateRaw, createUnzip } from 'node:zlib';

/** Makes a decoder of one Content-Encoding: `chunkSize` bytes at a time, and the readable part of cut input. */
type Decoder = (bytes: Buffer, chunkSize: number) => Transform | undefined;

const unzip: Decoder = (bytes, chunkSize) => {
  const options = { chunkSize, finishFlush: constants.Z_SYNC_FLUSH };
  // Some servers send "deflate" without the header of zlib, whose first half byte is 8.
  const isRaw = bytes[0] !== 0x1f && (bytes[0]! & 0x0f) !== 8;
  return isRaw ? createInflateRaw(options) : createUnzip(options);
};
const unbrotli: Decoder = (bytes, chunkSize) => {
  // The first four bits give the decoder's window (RFC 7932, 9.1). Windows above 4 MB are too large for ten bodies at
  // once.
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
 * Decodes the beginning of a body by its Content-Encoding, up to `limit` bytes; returns `bytes` if they cannot be
 * decoded. We ask for no encoding, but some receivers use one, and users read their errors. At most `limit` bytes are
 * inflated at once, since a few bytes may stand for gigabytes.
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
    // Broken input: the bytes decoded before count.
  }
  return length > 0 ? Buffer.concat(parts).subarray(0, limit) : bytes;
}

/** Characters kept of all response headers together, and of one value: DynamoDB bills an attempt by the kilobyte. */
const MAX_HEADERS_LENGTH = 4096;
const MAX_VALUE_LENGTH = 1024;
/** Kept first, because the retry policy reads it: a flood of other headers must not push it out. */
const NEEDED = 'retry-after';

/** The headers of an answer as plain strings. Long values are cut; headers that do not fit are left out. */
export function headerExcerpt(headers: IncomingHttpHeaders): Record<string, string> {
  let room = MAX_HEADERS_LENGTH;
  const kept = Object.entries(headers)
    .sort(([a], [b]) => Number(b === NEEDED) - Number(a === NEEDED))
    .map(([name, value]) => [name, inOneLine([value ?? []].flat().join(', ')).slice(0, MAX_VALUE_LENGTH)] as const)
    .filter(([name, value]) => {
      const length = name.length + value.length;
      if (length > room) return false;
      room -= length;
      return true;
    });
  return Object.fromEntries(kept);
}

/** A lenient parser lets folded lines and control characters through. */
function inOneLine(value: string): string {
  return value.replace(/[\u0000-\u001f\u007f]+/g, ' ');
}
