import { presentBulkJob } from '../../subjects/bulk-jobs/present-bulk-job.js';
import { route } from '../http/route.js';
import { findBulkJob } from '../requests/bulk-job.js';

export const routes = [
  route('GET /v1/bulk-jobs/{id}', {
    needs: 'read',
    summary: 'Shows how far a bulk replay, resolution or cancellation has come.',
    handle: async (request, ports) => ({ status: 200, body: presentBulkJob(await findBulkJob(request, ports)) }),
  }),
];
