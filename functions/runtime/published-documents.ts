import { createHash } from 'node:crypto';
import { brotliDecompressSync } from 'node:zlib';

/** Documents that the API publishes about itself. */
export type DocumentName = 'openapi.json' | 'docs.html' | 'llms.txt';

/** A document, ready to be sent. */
export interface Published {
  readonly text: string;
  /** The text, compressed by brotli: a tenth of it. */
  readonly compressed: Buffer;
  /** Its ETag. It is weak: the compressed and the plain text have the same one. */
  readonly etag: string;
}

/** Reads each document at its first request. They change with a deployment only, which makes new environments. */
export function publishedDocuments(
  read: (name: DocumentName) => Promise<Buffer>,
): (name: DocumentName) => Promise<Published> {
  const known = new Map<DocumentName, Published>();
  return async (name) => {
    const found = known.get(name) ?? published(await read(name));
    known.set(name, found);
    return found;
  };
}

function published(compressed: Buffer): Published {
  const digest = createHash('sha256').update(compressed).digest('base64url').slice(0, 22);
  return { text: brotliDecompressSync(compressed).toString(), compressed, etag: `W/"${digest}"` };
}
