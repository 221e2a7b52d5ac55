import { expectStatus } from '../../support/http-client.js';
import type { CrashStory } from '../story.js';

export const listenerStories: readonly CrashStory[] = [
  {
    // The request of a dead worker stays until its attempt would have timed out: the listener may get both.
    name: 'to a listener',
    stage: 'alone',
    async tell(t) {
      const run = await t.created(await t.scene.listenedEndpoint(), { payload: { order: 1 } });
      await t.ends(run, 'success', [1, 1]);
    },
  },
  {
    name: 'the listener of an endpoint has ended',
    stage: 'alone',
    async tell(t) {
      const endpoint = await t.endpoint('/attempts/200', { own: true });
      const { api } = t.scene;
      await t.inTurn(async () => {
        const { body } = expectStatus(await api.post('/v1/listeners', { endpoint_ids: [endpoint] }), 201);
        expectStatus(await api.send('DELETE', `/v1/listeners/${body.id}`), 204);
      });
      await t.ends(await t.created(endpoint), 'success', [1, 1]);
    },
  },
];
