import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { defineConfig, type MarkdownRenderer, type Plugin } from 'vitepress';
import { drawingOf } from './drawing.js';
import { SCALAR, writeReference } from './reference.mjs';
import sidebar from './sidebar.json' with { type: 'json' };

const BASE = '/docs/';

/** The site of `docs/`, built by lib/docs-bundle.ts. The policy of lib/console-headers.ts allows no inline script. */
export default defineConfig({
  base: BASE,
  title: 'Punctual',
  description: 'Cron jobs, one-shot calls and event webhooks, on the exact second.',
  lang: 'en',
  cleanUrls: true,
  metaChunk: true,
  lastUpdated: false,
  cacheDir: '../build/vitepress',
  head: [['link', { rel: 'icon', href: `${BASE}favicon.svg` }]],
  markdown: {
    config(md) {
      md.core.ruler.push('repository', namesFilesOfTheRepository(md));
      md.core.ruler.push('drawings', showsDrawings(md));
    },
  },
  vite: { logLevel: 'warn', build: { assetsInlineLimit: 0 }, plugins: [namesPackages()] },
  themeConfig: {
    logo: '/favicon.svg',
    nav: [
      { text: 'Start', link: '/start/first-delivery' },
      { text: 'Guides', link: '/guides/verify-signature' },
      { text: 'API', link: '/reference', target: '_self', noIcon: true },
    ],
    sidebar: Object.entries(sidebar).map(([text, pages]) => ({
      text,
      items: Object.entries(pages).map(([name, link]) => ({ text: name, link, ...outside(link) })),
    })),
    outline: [2, 3],
    search: { provider: 'local' },
  },
  transformHtml: (page, _id, { siteConfig }) => withoutInlineScripts(page, siteConfig.outDir),
  buildEnd: ({ outDir }) => writeReference(outDir, BASE),
});

/** The reference of the API is a page of its own, beside VitePress's. */
function outside(link: string) {
  return link === '/reference' ? { target: '_self' } : {};
}

/** On the site a link to what is no page (a source, a policy) is only its text, with the file's path as its title. */
function namesFilesOfTheRepository(md: MarkdownRenderer): Parameters<typeof md.core.ruler.push>[1] {
  return ({ tokens, env }) => {
    let left = false;
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === 'link_open' ? token.attrGet('href')! : '';
      if (token.type === 'link_open') left = !/^(https?:|#|\/)/.test(href) && !isPage(env.relativePath, href);
      if (!left || !token.type.startsWith('link_')) continue;
      token.attrs = href === '' ? null : [['title', posix.join('docs', posix.dirname(env.relativePath), href)]];
      token.type = token.type.replace('link', 'span');
      token.tag = 'span';
    }
  };
}

/** A mermaid text is a picture here, as GitHub makes one of it. */
function showsDrawings(md: MarkdownRenderer): Parameters<typeof md.core.ruler.push>[1] {
  return ({ tokens, env, Token }) => {
    for (const token of tokens.filter(({ type, info }) => type === 'fence' && info === 'mermaid')) {
      const image = new Token('image', 'img', 0);
      image.attrs = [
        ['src', posix.relative(posix.dirname(env.relativePath), drawingOf(token.content))],
        ['alt', ''],
      ];
      image.children = [];
      token.type = 'inline';
      token.children = [image];
    }
  };
}

function isPage(from: string, href: string): boolean {
  const [path = ''] = href.split('#');
  return /\.md$/.test(path) && !posix.join(posix.dirname(from), path).startsWith('..');
}

/** For THIRD-PARTY-NOTICES.md: the folders of the packages of which something is in the site. lib/notices.ts reads them. */
function namesPackages(): Plugin {
  return {
    name: 'names-packages',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
      const folders = modules.flatMap((id) => /node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+/.exec(id) ?? []);
      const source = JSON.stringify([...new Set([...folders, SCALAR])].sort());
      this.emitFile({ type: 'asset', fileName: 'packages.json', source });
    },
  };
}

/** VitePress's scripts of the head (light or dark, and which system) as files. */
function withoutInlineScripts(page: string, outDir: string): string {
  return page.replace(/<script id="[^"]*">(.*?)<\/script>/gs, (_all, script: string) => {
    const name = `assets/head.${createHash('sha256').update(script).digest('hex').slice(0, 8)}.js`;
    mkdirSync(join(outDir, 'assets'), { recursive: true });
    writeFileSync(join(outDir, name), script);
    return `<script src="${BASE}${name}"></script>`;
  });
}
