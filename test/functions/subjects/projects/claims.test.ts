import { createClaimStore } from '../../../../functions/storage/claim-store.js';
import { type Claim, endClaim, takeClaim } from '../../../../functions/subjects/projects/claims.js';
import { startPipelineWorld } from '../../../support/pipeline-world.js';

const starting = startPipelineWorld();
afterAll(async () => (await starting).close());
const storing = starting.then(({ client }) => createClaimStore(client, 'runs'));
let projects = 0;
const freshProject = () => `proj_${projects++}`;

const claim = (id: string, name = id, until = 100): Claim => ({ id, name, until });
const take = async (project: string, wanted: Claim, { limit = 2, now = 0 } = {}) =>
  takeClaim(await storing, project, 'bulk_jobs', wanted, limit, ({ until }) => until <= now);

test('of many at the same time as many stand as there may be', async () => {
  const project = freshProject();
  const taken = await Promise.all(Array.from({ length: 12 }, (_, n) => take(project, claim(`bulk_${n}`))));
  expect(taken.filter(Boolean)).toHaveLength(2);
  expect(await (await storing).held(project, 'bulk_jobs')).toHaveLength(2);
  expect(await take(freshProject(), claim('bulk_0'))).toEqual(claim('bulk_0'));
});

test('of many with one name one stands, and each caller is told which', async () => {
  const project = freshProject();
  const taken = await Promise.all(Array.from({ length: 12 }, (_, n) => take(project, claim(`bulk_${n}`, 'same'))));
  expect(new Set(taken.map((one) => one?.id)).size).toBe(1);
  expect(await (await storing).held(project, 'bulk_jobs')).toHaveLength(1);
});

test('a claim that is over gives way, and so does one that was ended', async () => {
  const project = freshProject();
  await take(project, claim('bulk_1', 'same'), { limit: 1 });
  expect(await take(project, claim('bulk_2'), { limit: 1, now: 99 })).toBeUndefined();
  expect(await take(project, claim('bulk_2', 'same', 200), { limit: 1, now: 100 })).toMatchObject({ id: 'bulk_2' });
  await endClaim(await storing, project, 'bulk_jobs', { id: 'bulk_2' });
  expect(await take(project, claim('bulk_3'), { limit: 1 })).toMatchObject({ id: 'bulk_3' });
});
