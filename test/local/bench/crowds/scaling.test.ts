import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crowdsText } from '../../../../local/bench/crowds/crowds-table.js';
import { curvesOf } from '../../../../local/bench/crowds/curves.js';
import { followAll, SIZES } from '../../../../local/bench/crowds/follow-all.js';

const DOCS = join(__dirname, '../../../../docs');
const page = readFileSync(join(DOCS, 'scaling.md'), 'utf8');
const [, table = ''] = /<!-- npm run bench -- crowds -->\n\n(.*?)\n\n<!-- end -->/s.exec(page)!;
const pictures = readdirSync(join(DOCS, 'scaling'));

/** The first cells of each row. */
const columns = (text: string, count: number) =>
  text.split('\n').map((line) => (line.startsWith('|') ? line.split(' | ').slice(0, count) : line));

test('docs/scaling.md has what `npm run bench -- crowds` prints of the small crowds', () => {
  const small = SIZES.slice(0, 2);
  expect(columns(table, 3)).toEqual(columns(crowdsText(followAll(small)), 3));
});

/** A million runs under each treatment take a quarter of a minute: `CROWDS=all npx jest test/local/bench/crowds`. */
const testAll = process.env['CROWDS'] === 'all' ? test : test.skip;
testAll('docs/scaling.md and its pictures are what `npm run bench -- crowds --save` writes', () => {
  const followed = followAll();
  expect(table).toBe(crowdsText(followed));
  const kept = pictures.map((name) => [name, readFileSync(join(DOCS, 'scaling', name), 'utf8')]);
  expect(Object.fromEntries(kept)).toEqual(curvesOf(followed));
});

test('the page shows each picture', () => {
  expect(pictures.length).toBeGreaterThan(2);
  for (const name of pictures) expect(page).toContain(`](scaling/${name})`);
});
