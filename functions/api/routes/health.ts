import { route } from '../http/route.js';

export const routes = [
  route({
    method: 'GET',
    path: '/v1/healthz',
    access: 'public',
    summary: 'Says that the API is up, and in which version.',
    handle: async (_request, { settings }) => ({ status: 200, body: { status: 'ok', version: settings.version } }),
  }),
];
