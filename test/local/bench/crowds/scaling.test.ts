import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crowdsText } from '../../../../local/bench/crowds/crowds-table.js';
import { curvesOf } from '../../../../local/bench/crowds/curves.js';
import { followAll } from '../../../../local/bench/crowds/follow-all.js';

const DOCS = join(__dirname, '../../../../docs');
const followed = followAll();

test('docs/scaling.md has what `npm run bench -- crowds` prints', () => {
  const page = readFileSync(join(DOCS, 'scaling.md'), 'utf8');
  expect(page).toContain(`<!-- npm run bench -- crowds -->\n\n${crowdsText(followed)}\n\n<!-- end -->`);
});

test('docs/scaling has the pictures that `npm run bench -- crowds --save` writes, and the page shows each', () => {
  const kept = readdirSync(join(DOCS, 'scaling')).map((name) => [
    name,
    readFileSync(join(DOCS, 'scaling', name), 'utf8'),
  ]);
  expect(Object.fromEntries(kept)).toEqual(curvesOf(followed));
  const page = readFileSync(join(DOCS, 'scaling.md'), 'utf8');
  for (const [name] of kept) expect(page).toContain(`](scaling/${name})`);
});
