import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sidebar from '../../docs/.vitepress/sidebar.json';

const ROOT = join(__dirname, '../..');
const PAGES = [
  ...readdirSync(ROOT),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true }).map((name) => `docs/${name}`),
].filter((name) => name.endsWith('.md'));
const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

/** As GitHub makes them. */
function anchorsOf(page: string): string[] {
  const headings = read(page)
    .replace(/^```.*?^```/gms, '')
    .match(/^#+ .*$/gm);
  return (headings ?? []).map((heading) =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

interface Link {
  readonly page: string;
  readonly to: string;
  readonly anchor: string | undefined;
}

const links: Link[] = PAGES.flatMap((page) =>
  [...read(page).matchAll(/\]\((?!https?:)([^)\s]*)\)/g)].map(([, link]) => {
    const [path = '', anchor] = link!.split('#');
    return { page, to: path === '' ? page : join(dirname(page), path), anchor };
  }),
);

test('each link leads to a file, and its anchor to a heading', () => {
  expect(links.length).toBeGreaterThan(60);
  expect(links.filter(({ to }) => !existsSync(join(ROOT, to)))).toEqual([]);
  expect(links.filter(({ to, anchor }) => anchor !== undefined && !anchorsOf(to).includes(anchor))).toEqual([]);
});

/** In backticks, from the root; not of CHANGELOG.md, which speaks of its day. */
test('each file that a page names is there', () => {
  const named = PAGES.filter((page) => page !== 'CHANGELOG.md').flatMap((page) =>
    [...read(page).matchAll(/`((?:bin|console|docs|functions|lib|local|test)\/[\w./-]+)`/g)].map(([, path]) => ({
      page,
      path: path!,
    })),
  );
  const isThere = ({ path }: { readonly path: string }) =>
    existsSync(join(ROOT, path)) || existsSync(join(ROOT, `${path}.test.ts`));
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter((name) => !isThere(name))).toEqual([]);
});

test('each page of docs is in the sidebar of the site, and once', () => {
  const named = Object.values(sidebar).flatMap((group) => Object.values(group));
  const pages = PAGES.filter((page) => page.startsWith('docs/')).map((page) =>
    page.replace(/^docs|(index)?\.md$/g, ''),
  );
  expect(named.filter((link) => link !== '/reference').sort()).toEqual(pages.sort());
});

test('README takes two minutes', () => {
  expect(read('README.md').split('\n').length).toBeLessThanOrEqual(200);
});

/** Not of CHANGELOG.md. A table, a list or a picture has its caption before it. */
test('each price says whether it was counted, modelled, or is in a list', () => {
  const prices = PAGES.filter((page) => page !== 'CHANGELOG.md').flatMap((page) => {
    const blocks = read(page)
      .replace(/^```.*?^```/gms, '')
      .split(/\n\n+/);
    return blocks
      .map((block, index) => ({
        page,
        block,
        said: /^([|!]|- )/.test(block) ? `${blocks[index - 1]} ${block}` : block,
      }))
      .filter(({ block }) => /\$\d/.test(block));
  });
  expect(prices.length).toBeGreaterThan(15);
  expect(prices.filter(({ said }) => !/counted|modelled|list price/i.test(said))).toEqual([]);
});
