import { mainStory } from './main-story.js';

test(
  'the main story ends well, whichever function dies before or after whichever call',
  () => mainStory(() => true),
  600_000,
);
