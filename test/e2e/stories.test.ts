import { apiAsReceiver, tellingReceiver } from '../stories/receiver.js';
import { STORIES } from '../stories/stories.js';
import { StoryTeller } from '../stories/story-teller.js';
import { taskStory } from '../stories/task.js';
import { suiteWorld } from '../support/suite-world.js';

const starting = suiteWorld();

test.concurrent.each(STORIES.filter(({ isLong }) => !isLong).map((story) => [story.name, story] as const))(
  '%s',
  async (_name, story) => {
    const world = await starting;
    const teller = new StoryTeller(await world.newProject());
    await story.tell({ teller, receiver: tellingReceiver(world.stack.receiver) });
  },
);

test.concurrent('the API can be its own receiver', async () => {
  const access = await (await starting).newProject();
  await taskStory.tell({ teller: new StoryTeller(access), receiver: apiAsReceiver(access.api) });
});
