import assert from 'node:assert/strict';
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { expectStatus, HttpClient } from '../../support/http-client.js';
import { MINUTE_SECONDS, type SpanningStory } from '../spanning-story.js';

const CRON_SERVICE = '/api/cron-service/jobs';
const DISPATCH = '/api/v1/jobs';

/** As docs/signing.md says. */
function signed(key: { id: string; signing_secret: string }, path: string, body: string): Record<string, string> {
  const [timestamp, nonce] = [String(Math.floor(Date.now() / 1000)), randomUUID()];
  const lines = [timestamp, 'POST', path, createHash('sha256').update(body).digest('hex'), nonce];
  const signature = createHmac('sha256', key.signing_secret).update(lines.join('\n')).digest('hex');
  return { 'x-key-id': key.id, 'x-timestamp': timestamp, 'x-nonce': nonce, 'x-signature': signature };
}

export const apiStories: readonly SpanningStory[] = [
  {
    name: 'keys, signed requests and Idempotency-Keys',
    async *tell({ teller, receiver, operator }) {
      const keys = `/v1/projects/${teller.project.id}/keys`;
      const newKey = async (label: string) => expectStatus(await operator.post(keys, { label }), 201).body;
      const { id: endpoint_id } = await teller.endpointAt(receiver.good);
      const body = JSON.stringify({ endpoint_id, payload: 'signed' });
      const [key, revoked] = [await newKey('stays'), await newKey('goes')];
      const sign = (by = key) => ({ 'content-type': 'application/json', ...signed(by, '/v1/tasks', body) });
      const once = sign();
      const withoutKey = new HttpClient(teller.api.base);
      expectStatus(await withoutKey.post('/v1/tasks', body, once), 201);
      const idempotent = { 'idempotency-key': randomUUID() };
      const first = expectStatus(await teller.api.post('/v1/tasks', { endpoint_id }, idempotent), 201);
      yield;
      expectStatus(await withoutKey.post('/v1/tasks', body, once), 401);
      expectStatus(await withoutKey.post('/v1/tasks', body, sign()), 201);
      const again = expectStatus(await teller.api.post('/v1/tasks', { endpoint_id }, idempotent), 201);
      assert.deepEqual([again.headers.get('idempotent-replayed'), again.body], ['true', first.body]);
      expectStatus(await teller.api.post('/v1/tasks', { endpoint_id, payload: 1 }, idempotent), 422);
      const shown = expectStatus(await operator.get(keys), 200).body.data.map(({ id }: { id: string }) => id);
      assert(shown.includes(key.id) && shown.includes(revoked.id));
      expectStatus(await operator.send('DELETE', `${keys}/${revoked.id}`), 204);
      expectStatus(await withoutKey.post('/v1/tasks', body, sign(revoked)), 401);
      assert.equal((await teller.listed(`/v1/tasks?endpoint_id=${endpoint_id}`)).length, 3);
      yield;
    },
  },
  {
    name: 'jobs of the dialects',
    async *tell({ teller, receiver, stack }) {
      const target = { targetUrl: receiver.good.url, body: '{}', signPayloads: true };
      const cron = { name: 'spans', cronExpression: '0 0 1 1 *', ...target };
      const { jobId } = expectStatus(await teller.api.post(CRON_SERVICE, cron), 201).body.data;
      const path = `${CRON_SERVICE}/${jobId}`;
      const execute = async () => expectStatus(await teller.api.post(`${path}/run`), 202).body.data.executionId;
      const before = await execute();
      const fireAt = new Date(stack.now() + 3 * MINUTE_SECONDS * 1000).toISOString();
      const job = { title: 'spans', webhookUrl: receiver.hook.url, fireAt, payload: { spans: true } };
      const [kept, cancelled] = await Promise.all(
        [1, 2].map(async () => expectStatus(await teller.api.post(DISPATCH, job), 201).body.data.id as string),
      );
      yield;
      const after = await execute();
      for (const execution of [before, after]) await teller.reached(execution, 'success');
      const { executions } = expectStatus(await teller.api.get(`${path}/executions?limit=5`), 200).body.data;
      assert.equal(executions.length, 2);
      expectStatus(await teller.api.send('PATCH', path, { state: 'PAUSED' }), 200);
      expectStatus(await teller.api.send('DELETE', `${DISPATCH}/${cancelled}`), 200);
      yield;
      const { data } = await teller.shown(`${DISPATCH}/${kept}`, 'was called', (shown) => shown.data.logs.length > 0);
      assert.equal(data.logs.length, 1);
      const status = (await teller.api.get(`${DISPATCH}/${cancelled}`)).body.data.status;
      assert.equal(status, 'CANCELLED');
      assert.equal(expectStatus(await teller.api.get(path), 200).body.data.state, 'PAUSED');
      expectStatus(await teller.api.send('DELETE', path), 200);
    },
  },
  {
    name: 'names and labels',
    isBrief: true,
    async *tell({ teller, receiver }) {
      const { id: endpoint_id } = await teller.endpointAt(receiver.good);
      const labels = { story: teller.project.id };
      const send = async (name: string) =>
        expectStatus(await teller.api.post('/v1/tasks', { endpoint_id, name, labels }), 201).body.id as string;
      const found = async (q: string, by: string) => {
        const { data } = expectStatus(await teller.api.get(`/v1/search?q=${q}`), 200).body;
        return data.filter((one: { by: string }) => one.by === by).map(({ id }: { id: string }) => id);
      };
      const sent = [await send('spans')];
      yield;
      sent.unshift(await send('spans'));
      for (const id of sent) await teller.reached(id, 'success');
      assert.deepEqual(await found(`story:${teller.project.id}`, 'label'), sent);
      // 0.4.0 writes no row for a name, and looks for none.
      assert((await found('spans', 'name')).every((id: string) => sent.includes(id)));
      yield;
    },
  },
  {
    name: 'statistics and the audit',
    async *tell({ teller, receiver }) {
      const [good, bad] = [await teller.endpointAt(receiver.good), await teller.endpointAt(receiver.bad)];
      const totals = async () => expectStatus(await teller.api.get('/v1/stats'), 200).body.totals;
      const audit = async () =>
        expectStatus(await teller.api.get('/v1/audit'), 200)
          .text.trimEnd()
          .split('\n');
      const both = async () => {
        await teller.reached(await teller.task(good.id), 'success');
        await teller.deadLetter(await teller.task(bad.id));
      };
      await both();
      const isCounted = (times: number) => (shown: { totals: { success: number; dead_letters: number } }) =>
        shown.totals.success === times && shown.totals.dead_letters === times;
      await teller.shown('/v1/stats', 'counts what came before', isCounted(1));
      const entries = await audit();
      yield;
      assert.deepEqual(isCounted(1)({ totals: await totals() }), true);
      await both();
      await teller.endpointAt(receiver.good);
      yield;
      await teller.shown('/v1/stats', 'counts all', isCounted(2));
      // A dead letter that is looked up before it is written is a refusal.
      const told = (lines: readonly string[]) =>
        lines.flatMap((line) => {
          const { type, action } = JSON.parse(line);
          return type === 'refusal' ? [] : [action];
        });
      const [before, all] = [told(entries), told(await audit())];
      assert.deepEqual(all.slice(0, before.length), before);
      assert.deepEqual(all.slice(before.length), ['POST /v1/retry-policies', 'POST /v1/endpoints']);
    },
  },
];
