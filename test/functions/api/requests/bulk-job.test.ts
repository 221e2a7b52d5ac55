import { startBulkJob } from '../../../../functions/api/requests/bulk-job.js';
import { makeId } from '../../../../functions/primitives/ids.js';
import type { BulkJob } from '../../../../functions/subjects/bulk-jobs/bulk-job.js';
import type { Project } from '../../../../functions/subjects/projects/project.js';
import { startPipelineWorld } from '../../../support/pipeline-world.js';

const MINUTE = 60_000;
const starting = startPipelineWorld();
afterAll(async () => (await starting).close());

let serial = 0;
const idOf = (prefix: 'bulk' | 'proj') => {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(++serial, 4);
  return makeId(prefix, Date.now(), bytes);
};

/** A project of its own, with requests for bulk replays; each answers the id of its job. */
async function projectWith(quotas: { bulk_jobs: number }) {
  const { ports, time } = await starting;
  const project = { id: idOf('proj'), quotas } as unknown as Project;
  const begin = async (filter: object = {}, id = idOf('bulk')) => {
    const answer = await startBulkJob(ports, { newId: () => id, now: time.now }, project, filter);
    return (answer.body as BulkJob).id;
  };
  const find = async (id: string) => (await ports.bulkJobs.find(project.id, id))!;
  return { ports, time, project, begin, find };
}

test('a request for what runs answers it, until it is completed', async () => {
  const { ports, begin, find } = await projectWith({ bulk_jobs: 1 });
  const first = await begin({ reason: 'blocked' });
  expect(await begin({ reason: 'blocked' })).toBe(first);
  await expect(begin({})).rejects.toMatchObject({ quota: 'bulk_jobs' });
  const job = await find(first);
  await ports.bulkJobs.advance(job, { ...job, status: 'completed' });
  expect(await begin({ reason: 'blocked' })).not.toBe(first);
});

test('a repeat under an Idempotency-Key takes up its own claim', async () => {
  const { ports, begin, find } = await projectWith({ bulk_jobs: 1 });
  const id = idOf('bulk');
  const { create } = ports.bulkJobs;
  const dies = jest.spyOn(ports.bulkJobs, 'create').mockRejectedValueOnce(new Error('died'));
  await expect(begin({}, id)).rejects.toThrow('died');
  dies.mockImplementation(create);
  expect(await begin({}, id)).toBe(id);
  expect(await find(id)).toMatchObject({ status: 'running' });
});

test('a request that died before it wrote its job holds its filter for a minute', async () => {
  const { ports, time, begin } = await projectWith({ bulk_jobs: 1 });
  jest.spyOn(ports.bulkJobs, 'create').mockRejectedValueOnce(new Error('died'));
  await expect(begin()).rejects.toThrow('died');
  await expect(begin()).rejects.toMatchObject({ name: 'StillRunningError' });
  time.now += MINUTE;
  expect(await begin()).toMatch(/^bulk_/);
});

test('a job that has done no page for an hour no longer counts', async () => {
  const { ports, time, begin, find } = await projectWith({ bulk_jobs: 1 });
  const first = await begin();
  time.now += 59 * MINUTE;
  const job = await find(first);
  await ports.bulkJobs.advance(job, { ...job, cursor: 'dl_1', updated_at: time.now });
  time.now += 60 * MINUTE;
  expect(await begin()).toBe(first);
  time.now += 1;
  expect(await begin()).not.toBe(first);
});
