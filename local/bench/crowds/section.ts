import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crowdsText } from './crowds-table.js';
import { curvesOf } from './curves.js';
import { type Followed, followAll } from './follow-all.js';

const DOCS = join(__dirname, '../../../docs');
const PICTURES = join(DOCS, 'scaling');
const PAGE = join(DOCS, 'scaling.md');

/** Section `crowds` of the bench: how late crowds are, by simulation. With `save`, also in docs/scaling.md. */
export function measureCrowds({ save = false, tell }: { save?: boolean | undefined; tell: (text: string) => void }) {
  const followed = followAll();
  const text = crowdsText(followed);
  tell(text);
  if (save) saveCrowds(followed, text);
  return [...followed.tasks, ...followed.schedules].map(({ treatment, bySize, dollarsOfRefusals }) => ({
    ...treatment,
    dollarsOfRefusals,
    bySize: bySize.map(({ half, most, last }, index) => ({ runs: followed.sizes[index]!, half, most, last })),
  }));
}

function saveCrowds(followed: Followed, text: string): void {
  const page = readFileSync(PAGE, 'utf8');
  writeFileSync(
    PAGE,
    page.replace(/(?<=<!-- npm run bench -- crowds -->\n).*?(?=\n<!-- end -->)/s, () => `\n${text}\n`),
  );
  mkdirSync(PICTURES, { recursive: true });
  for (const [name, svg] of Object.entries(curvesOf(followed))) writeFileSync(join(PICTURES, name), svg);
}
