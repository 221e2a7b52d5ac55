import { brotliDecompressSync } from 'node:zlib';
import { route } from '../http/route.js';
import { pagePolicy, renderPage } from '../page/page.js';

/** The document as JSON, packed by brotli, in base64: `lib/bundles.ts` makes it, so that no start of the API has to. */
declare const PACKED_OPENAPI_DOCUMENT: string;

/** The OpenAPI document of this version, as JSON. */
export function documentText(): string {
  return brotliDecompressSync(Buffer.from(PACKED_OPENAPI_DOCUMENT, 'base64')).toString();
}

/** It changes with a deployment only. */
const CACHED = { 'cache-control': 'public, max-age=300' };

export const routes = [
  route({
    method: 'GET',
    path: '/openapi.json',
    access: 'public',
    summary: 'This document: OpenAPI 3.1, made from the schemas that check what is sent.',
    handle: async () => ({
      status: 200,
      body: documentText(),
      headers: { 'content-type': 'application/json; charset=utf-8', ...CACHED },
    }),
  }),

  route({
    method: 'GET',
    path: '/docs',
    access: 'public',
    summary: 'This document as a page to read; it needs no script and loads nothing else.',
    handle: async () => ({
      status: 200,
      body: renderPage(JSON.parse(documentText())),
      headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': pagePolicy, ...CACHED },
    }),
  }),
];
