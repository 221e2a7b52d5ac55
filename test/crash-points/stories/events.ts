import { expectStatus } from '../../support/http-client.js';
import type { CrashStory } from '../story.js';

export const eventStories: readonly CrashStory[] = [
  {
    name: 'an event goes to the endpoints whose filters match',
    stage: 'together',
    async tell(t) {
      t.ignore('deliverer');
      const event_name = `story.${t.telling.id}`;
      const filters = [event_name, `${event_name}.*`, `${event_name}.paid`];
      await t.calmly(async () => {
        for (const filter of filters) await t.endpoint('/attempts/200', { own: true, filters: [filter] });
      });
      const event = (await t.write('POST', '/v1/events', { event_name: `${event_name}.paid`, payload: { n: 1 } })).body;
      await t.hasMade({ event_id: event.id }, ['success', 'success']);
    },
  },
  {
    name: 'an event waits at a paused endpoint',
    stage: 'alone',
    async tell(t) {
      t.ignore('api', 'dispatcher');
      const event_name = `story.${t.telling.id}`;
      const endpoint = await t.calmly(async () => {
        const id = await t.endpoint('/attempts/200', { own: true, filters: [event_name] });
        await t.write('PATCH', `/v1/endpoints/${id}`, { status: 'paused' });
        return id;
      });
      const event = (await t.write('POST', '/v1/events', { event_name, payload: { n: 1 } })).body;
      const path = `/v1/events/${event.id}`;
      await t.shows(path, ({ tasks }) => tasks.length === 1);
      const [run] = expectStatus(await t.scene.api.get(path), 200).body.tasks;
      await t.isHeld(run.id);
      await t.write('PATCH', `/v1/endpoints/${endpoint}`, { status: 'active' });
      await t.ends(run.id, 'success', [1, 1]);
    },
  },
  {
    name: 'a success and a failure are notified of',
    stage: 'together',
    async tell(t) {
      t.ignore('api');
      await t.endpoint('/attempts/200', { filters: ['job.*'] });
      const good = await t.create(await t.endpoint('/attempts/200'));
      const bad = await t.create(await t.endpoint('/attempts/500'));
      await t.ends(good, 'success', [1, 1]);
      await t.ends(bad, 'dead_letter', [1, 1]);
      await t.isNotifiedOf(good, bad);
    },
  },
];
