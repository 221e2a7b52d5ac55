import { randomBytes } from 'node:crypto';
import { siblingId } from '../../../../functions/primitives/ids.js';
import { deliverToken } from '../../../../functions/protocol/messages/send-run.js';
import { countedIntake, countedPorts } from '../../../../functions/protocol/rules/counted-ports.js';
import type { RunPorts } from '../../../../functions/protocol/rules/ports.js';
import { claimed, concluded, dead, released, skipped } from '../../../../functions/protocol/rules/transitions.js';
import { DEFAULT_RETRY_POLICY } from '../../../../functions/subjects/retry-policies/retry-policy.js';
import type { RunState } from '../../../../functions/subjects/task-runs/task-run.js';
import { countedMetrics } from '../../../support/counted-metrics.js';
import { anAttempt, aRunOf, aState, NOW } from '../../../support/pipeline-world.js';

const run = aRunOf({ id: 'proj_1', shards: 1 } as never);
const key = { project: run.project_id, run: run.id };
const claim = (seen: RunState) => claimed(seen, 'next', { nonce: 'att_9', lease: NOW + 1, expires_at: NOW + 9 }, 3);
const first = claim(aState(run, { attempt: 0, limit: 3 }));
const verdict = { run: { ...run, max_attempts: 3 }, policy: DEFAULT_RETRY_POLICY, now: NOW, random: () => 0 };
const failed = concluded(first, anAttempt(run, 1), verdict);

/** What is told when the state changes from `seen` to `next`, and whether the write held. */
async function told(seen: RunState, next: RunState, held = true) {
  const metrics = countedMetrics();
  const ports = { runs: { advance: async () => held }, wakeUps: {} } as unknown as RunPorts;
  expect(await countedPorts(ports, metrics).runs.advance(key, seen, next)).toBe(held);
  return metrics;
}

test('a success is delivered, and measured', async () => {
  const success = concluded(first, anAttempt(run, 1, { status: 'success' }), verdict);
  const { counts, values, notes } = await told(first, success);
  expect(counts).toEqual({ delivered: 1 });
  expect(values).toEqual({ latency_ms: [120], lateness_ms: [5] });
  expect(notes).toEqual([]);
});

test('the lateness of a call that a rule of its project made wait is not measured', async () => {
  const success = concluded(first, anAttempt(run, 1, { status: 'success', waited: true }), verdict);
  expect((await told(first, success)).values).toEqual({ latency_ms: [120] });
});

test('a failure is retried, and named by its ids', async () => {
  const { counts, values, notes } = await told(first, failed);
  expect(counts).toEqual({ failed_attempts: 1, retried: 1 });
  expect(values).toEqual({ latency_ms: [120], lateness_ms: [5] });
  const attempt = siblingId('att', run.id);
  expect(notes).toEqual([{ ...key, attempt, status: 'retry_scheduled', because: 'http_503' }]);
});

test('the last failure is a dead letter too, and a later attempt has its own id', async () => {
  const second = claim({ ...failed, limit: 2 });
  const { counts, values, notes } = await told(second, concluded(second, anAttempt(run, 2, { id: 'att_9' }), verdict));
  expect(counts).toEqual({ failed_attempts: 1, dead_lettered: 1 });
  expect(values).toEqual({ latency_ms: [120], lateness_ms: [5] });
  expect(notes).toEqual([{ ...key, attempt: 'att_9', status: 'dead_letter', because: 'attempts_exhausted' }]);
});

test('a run that dies without an attempt is no failed attempt', async () => {
  const waiting = aState(run, { status: 'retry_scheduled' });
  const { counts, notes } = await told(waiting, dead(waiting, 'given_up', NOW));
  expect(counts).toEqual({ dead_lettered: 1 });
  expect(notes).toEqual([{ ...key, status: 'dead_letter', because: 'given_up' }]);
});

test('skipped runs count; a claim, one given up again, and a write that did not hold, do not', async () => {
  expect((await told(first, skipped(first, 'run_2', NOW))).counts).toEqual({ skipped: 1 });
  const { counts, values } = await told(aState(run, { attempt: 0 }), first);
  expect([counts, values]).toEqual([{}, {}]);
  expect((await told(claim(failed), released(claim(failed), NOW, NOW))).counts).toEqual({});
  expect((await told(first, failed, false)).counts).toEqual({});
});

test.each([
  ['counts', true, { skipped: 1 }],
  ['does not count if the write did not hold', false, {}],
])('a run that begins as skipped %s', async (_name, held, counts) => {
  const metrics = countedMetrics();
  const ports = { runs: { begin: async () => held }, wakeUps: {} } as unknown as RunPorts;
  await countedPorts(ports, metrics).runs.begin(key, aState(run, { status: 'skipped' }));
  expect(metrics.counts).toEqual(counts);
});

test('what is put back is deferred; a new token is not', async () => {
  const metrics = countedMetrics();
  const ports = { runs: {}, wakeUps: { sendToLane: async () => {} } } as unknown as RunPorts;
  const { wakeUps } = countedPorts(ports, metrics);
  const token = deliverToken(run, 1, NOW, NOW);
  await wakeUps.sendToLane('fast', token, NOW);
  expect(metrics.counts).toEqual({});
  await wakeUps.sendToLane('fast', { ...token, hop: 1 }, NOW);
  expect(metrics.counts).toEqual({ deferred: 1 });
  await wakeUps.sendToLane('fast', { ...token, turn: { n: 1, at: NOW } }, NOW);
  expect(metrics.counts).toEqual({ deferred: 2 });
});

test('a run that is laid down at its endpoint is held', async () => {
  const metrics = countedMetrics();
  const put = async (held: unknown) => held;
  const ports = { runs: {}, wakeUps: {}, heldRuns: { put } } as unknown as RunPorts;
  await countedPorts(ports, metrics).heldRuns.put({} as never);
  expect(metrics.counts).toEqual({ held: 1 });
});

test('runs and events are accepted once they are written, our own notifications never', async () => {
  const metrics = countedMetrics();
  const create = jest.fn().mockRejectedValueOnce(new Error('throttled')).mockResolvedValue(undefined);
  const { runs, events } = countedIntake({ runs: { create }, events: { create } } as unknown as RunPorts, metrics);
  await expect(runs.create(run)).rejects.toThrow('throttled');
  expect(metrics.counts).toEqual({});
  const id = `evt_${randomBytes(4).toString('hex')}`;
  await runs.create(run);
  await events.create({ id, body_format: 'notification' } as never);
  expect(metrics.counts).toEqual({ accepted: 1 });
  await events.create({ id } as never);
  expect(metrics.counts).toEqual({ accepted: 2 });
});
