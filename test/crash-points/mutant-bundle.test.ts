import { mutate } from './mutant-bundle.js';
import { MUTANTS } from './mutants.js';

// What they break is told by `npm run mutants`; here, that the code they break is still where they look for it.
test.each(MUTANTS)('the mutant can be made that breaks: $breaks', async (mutant) => {
  await expect(mutate(mutant)).resolves.toBeInstanceOf(Function);
});
