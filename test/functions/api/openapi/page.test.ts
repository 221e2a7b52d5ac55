import { createHash } from 'node:crypto';
import { pagePolicy } from '../../../../functions/api/http/documents.js';
import { openApiDocument } from '../../../../functions/api/openapi/document.js';
import { renderPage } from '../../../../functions/api/openapi/page.js';
import { html } from '../../../../functions/primitives/html.js';

const document = JSON.parse(JSON.stringify(openApiDocument()));
const page = renderPage(document);

test('it shows every operation and every schema, and each link leads to one', () => {
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
  expect(ids).toEqual([...new Set(ids)]);
  const operations = Object.values<Record<string, { operationId: string }>>(document.paths).flatMap(Object.values);
  expect(ids).toEqual(expect.arrayContaining(operations.map(({ operationId }) => operationId)));
  expect(ids).toEqual(expect.arrayContaining(Object.keys(document.components.schemas)));
  const links = [...page.matchAll(/ href="#([^"]+)"/g)].map(([, id]) => id!);
  expect(links.filter((id) => !ids.includes(id))).toEqual([]);
});

test('it has no hole where something is missing', () => {
  expect(page).not.toMatch(/undefined|\[object/);
});

test('it loads nothing and runs nothing, and its own style is the one that is allowed', () => {
  expect(page).not.toMatch(/<script|<link|src=|@import|url\(|https?:\/\/(?!(billing|login)\.example)/);
  const style = /<style>(.*?)<\/style>/s.exec(page)![1]!;
  expect(pagePolicy(page)).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`);
  expect(pagePolicy(page)).toContain("default-src 'none'");
});

test('values are text, whatever they hold', () => {
  expect(html`<b>${'<script>"\'&'}</b>${[html`<i>`, html`</i>`]}${7}`.text).toBe(
    '<b>&lt;script&gt;&quot;&#39;&amp;</b><i></i>7',
  );
});
