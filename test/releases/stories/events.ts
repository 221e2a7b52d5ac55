import assert from 'node:assert/strict';
import { expectStatus } from '../../support/http-client.js';
import { isSignedWith } from '../../support/webhook-verification.js';
import { MINUTE_SECONDS, type SpanningStory } from '../spanning-story.js';

const LISTENERS = 20;

export const eventStories: readonly SpanningStory[] = [
  {
    name: 'an event in the middle of its fan-out',
    async *tell({ teller, receiver, stack }) {
      const settings = { event_filters: ['spans.*'], retry_policy_id: await teller.policy(1) };
      const listeners = await Promise.all(
        Array.from({ length: LISTENERS }, () => teller.endpoint(receiver.good.url, settings)),
      );
      stack.stall(teller.project.id);
      const event = { event_name: 'spans.releases', payload: { spans: true } };
      const { id } = expectStatus(await teller.api.post('/v1/events', event), 202).body;
      await stack.untilStalled(teller.project.id);
      yield;
      const isDone = ({ task_counts }: { task_counts: { success?: number } }) => task_counts.success === LISTENERS;
      const { status, tasks } = await teller.shown(`/v1/events/${id}`, `was delivered to ${LISTENERS}`, isDone);
      assert.deepEqual([status, tasks.length], ['completed', LISTENERS]);
      for (const run of tasks) {
        const { signing_secret } = listeners.find((endpoint) => endpoint.id === run.endpoint_id)!;
        const [webhook, ...others] = await receiver.received(run.id);
        assert.deepEqual(others, []);
        assert(isSignedWith(signing_secret, webhook!), `${run.id} is not signed with the secret of its endpoint`);
      }
      yield;
    },
  },
  {
    name: 'job notifications about runs of both releases',
    async *tell({ teller, receiver }) {
      const { id: listener } = await teller.endpointAt(receiver.good, 1, { event_filters: ['job.*'] });
      const [good, bad] = [await teller.endpointAt(receiver.good), await teller.endpointAt(receiver.bad, 1)];
      const delayed = { delay_seconds: MINUTE_SECONDS };
      const expected = new Map([
        [await teller.task(good.id), 'job.completed'],
        [await teller.task(bad.id), 'job.failed'],
        [await teller.task(good.id, delayed), 'job.completed'],
        [await teller.task(bad.id, delayed), 'job.failed'],
      ]);
      yield;
      expected.set(await teller.task(good.id), 'job.completed');
      yield;
      const list = `/v1/tasks?endpoint_id=${listener}`;
      const { data } = await teller.shown(
        list,
        `has ${expected.size} runs`,
        (page) => page.data.length >= expected.size,
      );
      const told = new Map<string, string>();
      for (const { id } of data) {
        await teller.reached(id, 'success');
        for (const { body } of await receiver.received(id)) {
          const { event, data: about } = JSON.parse(body);
          assert(!told.has(about.task_id), `${about.task_id} was announced twice`);
          told.set(about.task_id, event);
        }
      }
      assert.deepEqual(told, expected);
    },
  },
];
