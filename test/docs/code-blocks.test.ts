import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** What is only shown: answers, messages, drawings. */
const SHOWN = ['json', 'text', 'http', 'ini', 'mermaid', ''];

/** test/e2e/pages-as-pasted.test.ts pastes the lines of every page but those of docs/migrate. */
const PASTED = ['sh'];

/** Which test runs a page's blocks in another language. */
const RUN: Readonly<Record<string, string>> = {
  'docs/guides/receive-once.md': 'test/docs/receivers.test.ts',
  'docs/guides/verify-signature.md': 'test/docs/receivers.test.ts',
  'docs/integrate.md': 'test/e2e/guide-for-agents.test.ts',
  'docs/library.md': 'test/package/tarball.slow.test.ts',
  'docs/migrate/cronflow.md': 'test/e2e/events.test.ts',
  'docs/sdk.md': 'test/e2e/sdk.slow.test.ts',
  'docs/signing.md': 'test/e2e/signing.test.ts',
};

interface Block {
  readonly page: string;
  readonly language: string;
  readonly code: string;
}

/** The code of each page; without what is marked as not run: ```yaml not-run. */
const blocks: Block[] = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true }).map((name) => `docs/${name}`),
]
  .filter((page) => page.endsWith('.md'))
  .flatMap((page) =>
    [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^ *```([^\n]*)\n([\s\S]*?)^ *```$/gm)].map(
      ([, language, code]) => ({ page, language: language!, code: code! }),
    ),
  );

const code = blocks.filter(({ language }) => !SHOWN.includes(language) && !language.endsWith(' not-run'));

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
