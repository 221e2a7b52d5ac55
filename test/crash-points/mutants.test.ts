import { crashPoints } from './crash-points.js';
import { mutate } from './mutant-bundle.js';
import { MUTANTS } from './mutants.js';
import { storyOf } from './stories.js';

/** What never comes is waited for in vain, so not for long. */
const PATIENCE_MS = 12_000;

// A test of the test: a harness that misses a broken rule proves nothing.
test.concurrent.each(MUTANTS)(
  'it is noticed that no longer: $breaks',
  async (mutant) => {
    const tellings = await crashPoints({
      stories: mutant.stories.map(storyOf),
      points: (_story, { fn }) => fn === mutant.deathsOf,
      adapt: await mutate(mutant),
      patienceMs: PATIENCE_MS,
    });
    expect(tellings.flatMap(({ failures }) => failures)).toContainEqual(expect.stringMatching(mutant.shows));
  },
  120_000,
);
