import { brotliDecompressSync } from 'node:zlib';

/** The document as JSON, packed by brotli, in base64: `lib/bundles.ts` makes it, so that no start of the API has to. */
declare const PACKED_OPENAPI_DOCUMENT: string;

/** The OpenAPI document of this version, as JSON. */
export function documentText(): string {
  return brotliDecompressSync(Buffer.from(PACKED_OPENAPI_DOCUMENT, 'base64')).toString();
}
