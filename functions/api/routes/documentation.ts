import { pagePolicy } from '../http/documents.js';
import { route } from '../http/route.js';

/** The documents change with a deployment only. */
const CACHED = { 'cache-control': 'public, max-age=300' };

export const routes = [
  route({
    method: 'GET',
    path: '/v1/healthz',
    access: 'public',
    needs: 'nothing',
    summary: 'Says that the API is up, and in which version.',
    handle: async (_request, { settings }) => ({ status: 200, body: { status: 'ok', version: settings.version } }),
  }),

  route({
    method: 'GET',
    path: '/llms.txt',
    access: 'public',
    needs: 'nothing',
    summary: 'The guide by which a coding agent wires this service into an application.',
    handle: async (_request, { documents }) => ({
      status: 200,
      body: await documents('llms.txt'),
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    }),
  }),

  route({
    method: 'GET',
    path: '/openapi.json',
    access: 'public',
    needs: 'nothing',
    summary: 'This document: OpenAPI 3.1, made from the schemas that check what is sent.',
    handle: async (_request, { documents }) => ({
      status: 200,
      body: await documents('openapi.json'),
      headers: { 'content-type': 'application/json; charset=utf-8', ...CACHED },
    }),
  }),

  route({
    method: 'GET',
    path: '/docs',
    access: 'public',
    needs: 'nothing',
    summary: 'This document as a page to read; it needs no script and loads nothing else.',
    handle: async (_request, { documents }) => {
      const page = await documents('docs.html');
      const headers = { 'content-security-policy': pagePolicy(page), ...CACHED };
      return { status: 200, body: page, headers: { 'content-type': 'text/html; charset=utf-8', ...headers } };
    },
  }),
];
