import assert from 'node:assert/strict';
import { relayPartition } from '../../../functions/storage/keys.js';
import { eventually } from '../../support/eventually.js';
import { expectStatus, type HttpClient, type Reply } from '../../support/http-client.js';
import { newProject, Tenant } from '../../support/tenant.js';
import { MINUTE_SECONDS, type Spanning, type SpanningStory } from '../spanning-story.js';
import type { SwitchedStack } from '../switched-stack.js';

/** Requests after which a route counts as unknown: where both releases answer, chance may choose the old one so often. */
const TRIES = 8;

/** What the new release answers; undefined where the old one alone is there, which has no such route. */
async function ofNew(request: () => Promise<Reply>): Promise<Reply | undefined> {
  for (let tries = 0; tries < TRIES; tries++) {
    const reply = await request();
    if (reply.status !== 404) return reply;
  }
  return undefined;
}

async function listen(api: HttpClient, endpoint: string): Promise<string | undefined> {
  const reply = await ofNew(() => api.post('/v1/listeners', { endpoint_ids: [endpoint] }));
  return reply && expectStatus(reply, 201).body.id;
}

/** Answers as the listener until the run is a success. How often the listener, or the URL, had the run. */
async function delivered({ teller, receiver }: Spanning, run: string, listener?: string) {
  const path = `/v1/listeners/${listener}/requests`;
  let taken = 0;
  await eventually(`${run} is a success`, async () => {
    const reply = listener ? await ofNew(() => teller.api.get(`${path}?timeout_seconds=1`)) : undefined;
    for (const { id, task_id } of reply ? expectStatus(reply, 200).body.data : []) {
      if (task_id === run) taken++;
      await ofNew(() => teller.api.post(`${path}/${id}/answer`, { status: 200 }));
    }
    return (await teller.run(run)).status === 'success';
  });
  return { taken, called: (await receiver.received(run)).length };
}

/** A run that waits for a listener which does not ask; a release that knows no listeners has made its call already. */
async function unanswered({ stack, receiver }: Pick<Spanning, 'stack' | 'receiver'>, tenant: Tenant, endpoint: string) {
  const run = await tenant.task(endpoint);
  await eventually(`${run} waits for its listener`, async () => {
    const waits = (await relayed(stack, tenant)).some(({ run_id }) => run_id === run);
    return waits || (await receiver.received(run)).length > 0;
  });
  return run;
}

async function relayed(stack: SwitchedStack, { project }: Tenant) {
  return (await stack.rows('RUNS_TABLE')).filter(({ pk }) => pk === relayPartition(project.id));
}

const lines = ({ text }: Reply) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** All that a feed has behind a cursor, and the cursor for what comes later. */
async function feedFrom(api: HttpClient, place: string) {
  const told: string[] = [];
  for (let query = place; ; ) {
    const reply = await ofNew(() => api.get(`/v1/feed?${query}`));
    if (reply === undefined) return undefined;
    for (const { type, version, data } of lines(expectStatus(reply, 200))) {
      if (type === 'page') query = `cursor=${data.cursor}`;
      if (type === 'page' && !data.more) return { told, place: query };
      if (type === 'task_run') told.push(`${data.id} ${version} ${data.status}`);
      if (type === 'delivery_attempt') told.push(`${data.id} ${data.status}`);
    }
  }
}

/** About what 0.4.0 does not know: it works on beside it, and takes nothing away. */
export const newStories: readonly SpanningStory[] = [
  {
    name: 'a listener, whose endpoint a release delivers to that knows no listeners',
    isBrief: true,
    async *tell(spanning) {
      const { teller, receiver, stack } = spanning;
      const { id } = await teller.endpointAt(receiver.good, 1, { timeout_ms: 29_000 });
      const mark = async () => (await stack.rows('CONFIG_TABLE')).find(({ sk }) => sk === id)?.['listener_id'];
      const access = await newProject(stack.api, stack.operatorKey);
      const other = new Tenant(access);
      const { id: others } = await other.endpoint(receiver.good.url, { timeout_ms: 29_000 });
      const listener = await listen(teller.api, id);
      await listen(other.api, others);
      const first = await delivered(spanning, await teller.task(id), listener);
      assert.equal(first.taken + first.called, 1);
      const waiting = await unanswered(spanning, teller, id);
      await unanswered(spanning, other, others);
      yield;
      expectStatus(await teller.api.send('PATCH', `/v1/endpoints/${id}`, { name: 'changed' }), 200);
      assert.equal(await mark(), listener);
      const again = await delivered(spanning, waiting, listener);
      assert(again.taken + again.called >= 1);
      const path = `/v1/projects/${other.project.id}`;
      expectStatus(await access.operator.send('DELETE', `${path}?confirm=${other.project.id}`), 202);
      yield;
      // 0.4.0 removes no requests of listeners: their ttl does.
      for (const row of [...(await relayed(stack, other)), ...(await relayed(stack, teller))])
        assert(row['ttl'] * 1000 < stack.now());
      let later = await listen(teller.api, id);
      const isMixed = listener !== undefined && later !== undefined;
      const { deletion } = expectStatus(await access.operator.get(path), 200).body;
      assert(deletion.finished_at !== null, 'the deletion is not finished');
      if (later === undefined) {
        yield;
        assert.equal((await teller.api.get(`/v1/endpoints/${id}`)).body.name, 'changed');
        assert.equal(await mark(), listener);
        later = await listen(teller.api, id);
      }
      const last = await delivered(spanning, await teller.task(id), later);
      assert(isMixed || last.taken === 1, 'the last call went to the URL');
    },
  },
  {
    name: 'a cursor of the feed, beyond changes of a release that knows no feed',
    async *tell({ teller, receiver }) {
      const since = `since=${new Date(Date.now() - MINUTE_SECONDS * 1000).toISOString()}`;
      const { id } = await teller.endpointAt(receiver.good);
      const runs = [await teller.task(id), await teller.task(id, { delay_seconds: 2 * MINUTE_SECONDS })];
      await teller.reached(runs[0]!, 'success');
      const before = await feedFrom(teller.api, since);
      yield;
      runs.push(await teller.task(id));
      yield;
      for (const run of runs) await teller.reached(run, 'success');
      let after = await feedFrom(teller.api, before?.place ?? since);
      if (after === undefined) {
        yield;
        after = (await feedFrom(teller.api, before?.place ?? since))!;
      }
      const told = [...(before?.told ?? []), ...after.told];
      assert.equal(new Set(told).size, told.length, 'a line came twice');
      for (const run of runs) {
        const own = told.filter((line) => line.includes(run.replace('run_', '')));
        const ended = own.filter((line) => line.startsWith('run_') && line.endsWith('success'));
        const attempts = own.filter((line) => !line.startsWith('run_'));
        assert.deepEqual([ended.length, attempts.length], [1, 1], own.join('; '));
      }
    },
  },
];
