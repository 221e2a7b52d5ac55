import guide from '../../../docs/integrate.md';
import { route } from '../http/route.js';

export const routes = [
  route({
    method: 'GET',
    path: '/llms.txt',
    access: 'public',
    summary: 'The guide by which a coding agent wires this service into an application.',
    handle: async () => ({ status: 200, body: guide, headers: { 'content-type': 'text/plain; charset=utf-8' } }),
  }),
];
