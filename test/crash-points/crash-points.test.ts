import { mainStory } from './main-story.js';

// A death after a call leaves what a death before the next call leaves: `crash-points.slow.test.ts` has both.
test(
  'the main story ends well, whichever function dies before whichever call',
  () => mainStory(({ when }) => when === 'before'),
  600_000,
);
