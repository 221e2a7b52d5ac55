import { createRun } from '../../../functions/protocol/runs/run-operations.js';
import type { AuditEntry, DeliveryEntry } from '../../../functions/subjects/audit/audit-entry.js';
import { aRun, ENDPOINT_ID, FAILED, Killed, MemoryWorld, PROJECT_ID, START } from '../../support/memory-world.js';

/** A world whose stage wants outcomes in its audit. */
function audited(): { world: MemoryWorld; entries: DeliveryEntry[] } {
  const world = new MemoryWorld();
  const entries: DeliveryEntry[] = [];
  const put = async (entry: AuditEntry) => void entries.push(entry as DeliveryEntry);
  Object.assign(world.worker, { auditTrail: { put } });
  return { world, entries };
}

test('every recorded attempt is told, without a word of what was sent', async () => {
  const { world, entries } = audited();
  world.answer = (call) => (call < 2 ? FAILED : {});
  const run = aRun({ payload: { format: 'text', body: 'of the customer' } });
  await createRun(world.ports, run);
  await world.settleDown();
  expect(entries).toHaveLength(3);
  expect(entries[0]).toEqual({
    type: 'delivery',
    id: expect.stringMatching(/^aud_/),
    at: START + 20,
    project_id: PROJECT_ID,
    attempt_id: run.id.replace('run_', 'att_'),
    task_id: run.id,
    endpoint_id: ENDPOINT_ID,
    attempt: 1,
    outcome: 'failed',
    http_status: 503,
    error_code: 'http_503',
    latency_ms: 20,
  });
  expect(entries.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
    [1, 'failed'],
    [2, 'failed'],
    [3, 'success'],
  ]);
  expect(entries.map(({ id }) => id)).toEqual(entries.map(({ id }) => id).sort());
  expect(JSON.stringify(entries)).not.toContain('of the customer');
});

test('a death between verdict and effects tells it when the effects are done again', async () => {
  const { world, entries } = audited();
  const { put } = world.worker.auditTrail!;
  let deaths = 0;
  const dying = (entry: AuditEntry) => (deaths++ === 0 ? Promise.reject(new Killed()) : put(entry));
  Object.assign(world.worker, { auditTrail: { put: dying } });
  await createRun(world.ports, aRun());
  await world.settleDown();
  expect(world.calls).toHaveLength(1);
  expect(entries).toMatchObject([{ outcome: 'success' }]);
  expect(entries[0]!.at).toBeGreaterThan(START + 60_000); // by its id, too: no reader has read beyond it
});

test('an attempt that was lost has no outcome to tell', async () => {
  const { world, entries } = audited();
  world.answer = () => Promise.reject(new Killed());
  const run = aRun();
  await createRun(world.ports, run);
  await world.settleDown();
  expect(world.states.get(run.id)).toMatchObject({ status: 'dead_letter', reason: 'worker_failure' });
  expect(entries).toEqual([]);
});
