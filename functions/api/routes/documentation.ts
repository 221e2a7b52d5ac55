import { documentAnswer, pagePolicy } from '../http/documents.js';
import { route } from '../http/route.js';

export const routes = [
  route('GET /v1/healthz', {
    access: 'public',
    needs: 'nothing',
    summary: 'Says that the API is up, and in which version.',
    handle: async (_request, { settings }) => ({ status: 200, body: { status: 'ok', version: settings.version } }),
  }),

  route('GET /llms.txt', {
    access: 'public',
    needs: 'nothing',
    summary: 'The guide by which a coding agent wires this service into an application.',
    handle: async (request, { documents }) =>
      documentAnswer(await documents('llms.txt'), request, { 'content-type': 'text/plain; charset=utf-8' }),
  }),

  route('GET /openapi.json', {
    access: 'public',
    needs: 'nothing',
    summary: 'This document: OpenAPI 3.1, made from the schemas that check what is sent.',
    handle: async (request, { documents }) =>
      documentAnswer(await documents('openapi.json'), request, { 'content-type': 'application/json; charset=utf-8' }),
  }),

  route('GET /docs', {
    access: 'public',
    needs: 'nothing',
    summary: 'This document as a page to read; it needs no script and loads nothing else.',
    handle: async (request, { documents }) => {
      const page = await documents('docs.html');
      const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': pagePolicy(page.text) };
      return documentAnswer(page, request, headers);
    },
  }),
];
