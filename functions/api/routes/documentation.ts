import { documentText } from '../openapi/packed-document.js';
import { pagePolicy, renderPage } from '../openapi/page.js';
import { route } from '../route.js';

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
