import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { currentPlan } from '../../../../local/bench/plan/measured.js';

test('docs/scaling.md has what `npm run bench -- --plan` prints', () => {
  const page = readFileSync(join(__dirname, '../../../../docs/scaling.md'), 'utf8');
  expect(page).toContain(`<!-- npm run bench -- --plan -->\n\n${currentPlan().text}\n\n<!-- end -->`);
});
