import { createHash } from 'node:crypto';
import type { Published } from '../../runtime/published-documents.js';
import type { RouteAnswer, RouteRequest } from './route.js';

/** For five minutes browsers and CloudFront need not ask again; then they ask whether the document has changed. */
const CACHED = { 'cache-control': 'public, max-age=300', vary: 'accept-encoding' };

/** The answer with a document: compressed if the client reads that; without a body if the client has the document. */
export function documentAnswer(
  { text, compressed, etag }: Published,
  { header }: Pick<RouteRequest, 'header'>,
  headers: Readonly<Record<string, string>>,
): RouteAnswer {
  const all = { ...headers, ...CACHED, etag };
  if (names(header('if-none-match'), etag)) return { status: 304, headers: all };
  if (!READS_BROTLI.test(header('accept-encoding'))) return { status: 200, body: text, headers: all };
  return { status: 200, body: compressed, headers: { ...all, 'content-encoding': 'br' } };
}

const READS_BROTLI = /(^|,)\s*br\s*(?!;\s*q=0(\.0*)?\s*(,|$))(;|,|$)/i;

/** The weak comparison of If-None-Match (RFC 9110, 13.1.2). */
function names(ifNoneMatch: string, etag: string): boolean {
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
  return ifNoneMatch === '*' || ifNoneMatch.split(',').some((tag) => opaque(tag) === opaque(etag));
}

/** Content-Security-Policy of a page without scripts: the page's own style, and nothing else. */
export function pagePolicy(page: string): string {
  const [, style = ''] = /<style>(.*?)<\/style>/s.exec(page) ?? [];
  const hash = createHash('sha256').update(style).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; frame-ancestors 'none'; base-uri 'none'`;
}
