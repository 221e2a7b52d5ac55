import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Seeded } from '../console/seed.js';
import { shownPages } from '../console/shown-pages.js';

const ROOT = join(__dirname, '../..');

/** What is only shown: answers, messages, drawings. */
const SHOWN = ['json', 'text', 'http', 'ini', 'mermaid'];

/** test/e2e/pages-as-pasted.test.ts pastes the lines of every page but those of docs/migrate. */
const PASTED = ['sh'];

/** Which test runs a page's blocks in another language. */
const RUN: Readonly<Record<string, string>> = {
  'docs/guides/receive-once.md': 'test/docs/receivers.test.ts',
  'docs/guides/verify-signature.md': 'test/docs/receivers.test.ts',
  'docs/integrate.md': 'test/e2e/guide-for-agents.test.ts',
  'docs/intake.md': 'test/e2e/intake.test.ts',
  'docs/library.md': 'test/package/tarball.slow.test.ts',
  'docs/migrate/cronflow.md': 'test/e2e/events.test.ts',
  'docs/sdk-go.md': 'test/clients/sdk-go.ts',
  'docs/sdk-python.md': 'test/clients/sdk-python.ts',
  'docs/sdk.md': 'test/e2e/sdk.slow.test.ts',
  'docs/signing.md': 'test/e2e/signing.test.ts',
};

interface Block {
  readonly page: string;
  readonly language: string;
  readonly code: string;
}

/** The code of each page, in whatever fence, and also in lists and quotes. */
const blocks: Block[] = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true }).map((name) => `docs/${name}`),
]
  .filter((page) => page.endsWith('.md'))
  .flatMap((page) =>
    [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^[\s>]*(`{3,}|~{3,})([^\n]*)\n([\s\S]*?)^[\s>]*\1$/gm)].map(
      ([, , language, code]) => ({ page, language: language!, code: code! }),
    ),
  );

/** Such a block says why: ```yaml not-run: GitHub runs it. */
const NOT_RUN = /^\w+ not-run: \w.*$/;
const code = blocks.filter(({ language }) => !SHOWN.includes(language) && !NOT_RUN.test(language));
/** Pages of which a test runs the first block of each language. */
const FIRST_ALONE = ['docs/guides/receive-once.md', 'docs/guides/verify-signature.md', 'docs/migrate/cronflow.md'];

test('each block of code is run by a test, or says that it is not', () => {
  expect(code.length).toBeGreaterThan(60);
  const left = code.filter(({ page, language }) => !PASTED.includes(language) && RUN[page] === undefined);
  expect(left.map(({ page, language }) => `${page}: ${language}`)).toEqual([]);
});

test('the test that runs a page’s blocks reads that page, and there are such blocks', () => {
  for (const [page, file] of Object.entries(RUN)) {
    const own = code.filter((block) => block.page === page && !PASTED.includes(block.language));
    expect([page, own.length]).not.toEqual([page, 0]);
    expect(readFileSync(join(ROOT, file), 'utf8')).toContain(page.split('/').at(-1)!);
  }
});

test('where a test runs the first block of a language, there is no second one', () => {
  for (const page of FIRST_ALONE) {
    const languages = code
      .filter((block) => block.page === page && block.language !== 'sh')
      .map(({ language }) => language);
    expect([page, languages]).toEqual([page, [...new Set(languages)]]);
  }
});

test('each picture of the console is one that npm run console:screenshots makes', () => {
  const made = shownPages({ runs: { dead: '', retrying: '' } } as Seeded).flatMap(({ name, narrow }) => [
    ...['light', 'dark'].map((scheme) => `${name}-${scheme}.png`),
    ...(narrow ? ['light', 'dark'].map((scheme) => `${name}-${scheme}-narrow.png`) : []),
  ]);
  const all = [...made, 'sign-in-light.png', 'sign-in-dark.png'];
  expect(
    readdirSync(join(ROOT, 'docs/console'))
      .filter((name) => name.endsWith('.png'))
      .sort(),
  ).toEqual(all.sort());
});

test('each page of docs/migrate with lines for a shell has a test of its own', () => {
  const tests = ['migration-pages', 'events'].map((name) =>
    readFileSync(join(ROOT, `test/e2e/${name}.test.ts`), 'utf8'),
  );
  const pages = new Set(
    code.filter(({ page, language }) => page.startsWith('docs/migrate/') && language === 'sh').map(({ page }) => page),
  );
  expect(pages.size).toBeGreaterThan(3);
  expect([...pages].filter((page) => !tests.some((text) => text.includes(page.split('/').at(-1)!)))).toEqual([]);
});

test('each guarantee names a test', () => {
  const page = readFileSync(join(ROOT, 'docs/understand/guarantees.md'), 'utf8');
  const rows = page.match(/^\| \*\*.*$/gm)!;
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.filter((row) => !/`test\/[\w./-]+\.test\.ts` ?[,|`]/.test(row))).toEqual([]);
});
