import { randomBytes } from 'node:crypto';
import { makeId } from '../../../functions/primitives/ids.js';
import { createAuditTrail } from '../../../functions/storage/audit-trail.js';
import type { ChangeEntry, DeliveryEntry } from '../../../functions/subjects/audit/audit-entry.js';
import { DAY, NOW, type PipelineWorld, startPipelineWorld } from '../../support/pipeline-world.js';

const [FIRST, LAST] = ['aud_', 'aud_~'];

let world: PipelineWorld;
beforeAll(async () => {
  world = await startPipelineWorld();
});
afterAll(() => world.close());

function entry(project_id: string, at: number, error_code = 'timeout'): DeliveryEntry {
  return {
    type: 'delivery',
    id: makeId('aud', at, randomBytes(8)),
    at,
    project_id,
    attempt_id: 'att_1',
    task_id: 'run_1',
    endpoint_id: null,
    attempt: 1,
    outcome: 'failed',
    http_status: null,
    error_code,
    latency_ms: 1,
  };
}

it('tells of several projects in order, although one has more than a megabyte to tell', async () => {
  const trail = createAuditTrail(world.client, 'runs', { now: () => NOW });
  const large = Array.from({ length: 200 }, (_, n) => entry('proj_large', NOW + n, randomBytes(6_000).toString('hex')));
  const later = entry('proj_small', NOW + 1_000);
  for (const each of [...large, later]) await trail.put(each);
  const told = await trail.list(['proj_large', 'proj_small'], FIRST, LAST, 500);
  expect(told.map(({ id }) => id)).toEqual([...large, later].map(({ id }) => id));
});

it('goes on behind what has expired, although it is still in the table', async () => {
  const at = NOW - 500 * DAY;
  const trail = createAuditTrail(world.client, 'runs', { now: () => NOW });
  const expired = Array.from({ length: 30 }, (_, n) => entry('proj_old', at + n));
  const live = entry('proj_old', NOW);
  for (const each of [...expired, live]) await trail.put(each);
  expect(await trail.list(['proj_old'], FIRST, LAST, 10)).toEqual([live]);
});

it('lists a change with its result, wherever a page ends, and a change without one', async () => {
  const trail = createAuditTrail(world.client, 'runs', { now: () => NOW });
  const origin = {
    actor: { type: 'person', name: 'p', session: 's' },
    source_ip: '192.0.2.7',
  } as const;
  const changes = Array.from({ length: 7 }, (_, n): ChangeEntry => {
    const id = makeId('aud', NOW + n, randomBytes(8));
    const request = { user_agent: 'a', request_id: 'r', action: 'POST /v1/things', path: '/v1/things' };
    const at = NOW + n;
    return {
      type: 'change',
      id,
      at,
      project_id: 'proj_changed',
      ...origin,
      ...request,
      status: null,
      before: { n },
      after: null,
    };
  });
  for (const change of changes) await trail.put(change);
  const done = changes.map((change, n) => (n === 3 ? change : { ...change, status: 200, after: { n: n + 1 } }));
  for (const change of done) if (change.status !== null) await trail.putResult(change);
  for (const size of [1, 2, 3, 7, 9]) {
    const listed: unknown[] = [];
    for (let after = FIRST; ; ) {
      const page = await trail.list(['proj_changed'], after!, LAST!, size);
      listed.push(...page);
      if (page.length < size) break;
      after = page.at(-1)!.id;
    }
    expect(listed).toEqual(done);
  }
});

it('keeps the first of two entries with one id', async () => {
  const trail = createAuditTrail(world.client, 'runs', { now: () => NOW });
  const first = entry('proj_twice', NOW);
  await trail.put(first);
  await trail.put({ ...first, outcome: 'success' });
  expect(await trail.list(['proj_twice'], FIRST!, LAST!, 10)).toEqual([first]);
});
