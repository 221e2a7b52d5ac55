import { randomBytes } from 'node:crypto';
import { makeId } from '../../functions/primitives/ids.js';
import type { BulkJob } from '../../functions/subjects/bulk-jobs/bulk-job.js';
import { DAY, NOW } from '../support/pipeline-world.js';
import { atOnce, freshProject, type Stores } from './stores.js';

export function bulkStoreContract(stores: () => Stores): void {
  const aJob = (): BulkJob => ({
    id: makeId('bulk', NOW, randomBytes(8)),
    project_id: freshProject().id,
    until: NOW,
    status: 'running',
    cursor: '',
    done: 0,
    created_at: NOW,
    expires_at: NOW + DAY,
  });
  const find = ({ project_id, id }: BulkJob) => stores().bulkJobs.find(project_id, id);

  test('a job is put once, in its project', async () => {
    const { bulkJobs } = stores();
    const job = aJob();
    expect(await find(job)).toBeUndefined();
    await bulkJobs.create(job);
    await bulkJobs.create({ ...job, done: 9 });
    await bulkJobs.create({ ...job, project_id: freshProject().id, done: 9 });
    expect(await find(job)).toEqual(job);
    expect(await bulkJobs.find(freshProject().id, job.id)).toBeUndefined();
  });

  test('a job that has expired is absent, and may be put again', async () => {
    const { bulkJobs, time } = stores();
    const job = aJob();
    await bulkJobs.create(job);
    time.now = NOW + DAY;
    expect(await find(job)).toBeUndefined();
    const anew = { ...job, expires_at: NOW + 9 * DAY };
    await bulkJobs.create(anew);
    expect(await find(job)).toEqual(anew);
  });

  test('a job moves on from the cursor that was seen, once, until it is completed', async () => {
    const { bulkJobs } = stores();
    const job = aJob();
    const next: BulkJob = { ...job, cursor: 'dl_1', done: 50 };
    expect(await bulkJobs.advance(job, next)).toBe(false);
    expect(await find(job)).toBeUndefined();
    await bulkJobs.create(job);
    const moved = await atOnce(4, (n) => bulkJobs.advance(job, { ...next, done: n }));
    expect(moved.filter(Boolean)).toHaveLength(1);
    expect(await find(job)).toEqual({ ...next, done: moved.indexOf(true) });
    expect(await bulkJobs.advance(job, next)).toBe(false);
    const completed: BulkJob = { ...next, status: 'completed' };
    expect(await bulkJobs.advance(next, completed)).toBe(true);
    expect(await bulkJobs.advance(completed, { ...completed, status: 'running' })).toBe(false);
    expect(await find(job)).toEqual(completed);
  });
}
