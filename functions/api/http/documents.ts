import { createHash } from 'node:crypto';

/** Documents that the API publishes about itself. */
export type DocumentName = 'openapi.json' | 'docs.html' | 'llms.txt';

/** Content-Security-Policy of a page without scripts: the page's own style, and nothing else. */
export function pagePolicy(page: string): string {
  const [, style = ''] = /<style>(.*?)<\/style>/s.exec(page) ?? [];
  const hash = createHash('sha256').update(style).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; frame-ancestors 'none'; base-uri 'none'`;
}
