import type { CrashStory } from '../story.js';

export const batchStories: readonly CrashStory[] = [
  {
    name: 'a batch of ten with one message of a later release',
    stage: 'batch',
    async tell(t) {
      const endpoint_id = await t.endpoint('/attempts/200');
      await t.together(() => t.scene.occupy(), 'delayed');
      const runs = await t.inTurn(async () => {
        const tasks = Array.from({ length: 9 }, (_, n) => ({ endpoint_id, payload: { n } }));
        const { body } = await t.scene.api.post('/v1/tasks/batch', { tasks });
        const made: string[] = body.data.map(({ task }: { task: { id: string } }) => task.id);
        for (const run of made) t.scene.reaper.own(run, t.telling);
        await t.sendUnknown(endpoint_id);
        return made;
      });
      await t.together(async () => t.scene.release(), 'any');
      for (const run of runs) await t.ends(run, 'success', [1, 1]);
    },
  },
];
