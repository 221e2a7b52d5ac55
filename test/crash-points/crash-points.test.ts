import { mainStory } from './main-story.js';

// A death after a call leaves what a death before the next call leaves: `crash-points.slow.test.ts` has all of both.
test(
  'the main story ends well, whichever function dies before every other of its calls',
  () => mainStory(({ when, k }) => when === 'before' && k % 2 === 1),
  600_000,
);
