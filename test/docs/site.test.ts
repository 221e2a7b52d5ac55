import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DOCS_POLICY } from '../../lib/console-headers.js';
import { rewritingCode } from '../../lib/constructs/rewriting.js';
import { bundleDocs } from '../../lib/docs-bundle.js';
import { consoleFiles } from '../../local/console-files.js';

/** VitePress needs ten seconds of a processor. A dead link fails the build. */
const PATIENCE_MS = 120_000;
const building = bundleDocs();

test(
  'has a page of each page of docs, without a script that its policy forbids',
  async () => {
    const folder = await building;
    const htmls = readdirSync(folder, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.html'));
    const pages = readdirSync(join(__dirname, '../../docs'), { recursive: true }).map(String);
    const wanted = pages.filter((name) => name.endsWith('.md')).map((name) => name.replace(/\.md$/, '.html'));
    expect(htmls.sort()).toEqual([...wanted, '404.html', 'reference.html'].sort());
    for (const name of htmls) {
      const html = readFileSync(join(folder, name), 'utf8');
      expect([
        name,
        html.match(/<script(?![^>]*\ssrc=)[^>]*>|\son[a-z]+="|(src|href)="(?!https?:)[^"]*\.(md|ts)["#]/),
      ]).toEqual([name, null]);
    }
  },
  PATIENCE_MS,
);

test(
  'loads little, but on the page of the reference',
  async () => {
    const folder = await building;
    const scripts = (page: string) =>
      [...readFileSync(join(folder, page), 'utf8').matchAll(/(?:src|href)="\/docs\/(assets\/[^"]+\.js)"/g)].map(
        ([, name]) => name!,
      );
    const bytes = (page: string) =>
      scripts(page).reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length, 0);
    expect(bytes('index.html')).toBeGreaterThan(10 * 1024);
    expect(bytes('index.html')).toBeLessThan(120 * 1024);
    expect(scripts('index.html').filter((name) => name.includes('reference'))).toEqual([]);
    expect(bytes('reference.html')).toBeLessThan(1500 * 1024);
  },
  PATIENCE_MS,
);

test(
  'is served as it is deployed',
  async () => {
    await building;
    const serve = consoleFiles();
    const page = await serve('/docs/migrate/');
    expect(page).toMatchObject({
      status: 200,
      headers: { 'content-security-policy': DOCS_POLICY, 'cache-control': 'no-cache' },
    });
    const [asset] = /\/docs\/assets\/[^"]+\.css/.exec(String(page.body))!;
    const { status, headers } = await serve(asset);
    expect([status, headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
    const missing = await serve('/docs/no-such-page');
    expect(missing).toMatchObject({ status: 404, headers: { 'content-type': 'text/html; charset=utf-8' } });
    // The most that CloudFront takes.
    expect(Buffer.byteLength(rewritingCode(await building))).toBeLessThan(10_240);
    expect(missing.body).toBe(readFileSync(join(await building, '404.html'), 'utf8'));
    expect((await serve('/docs/../../../package.json')).status).toBe(404);
  },
  PATIENCE_MS,
);
