import { readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { compileFunction } from 'node:vm';
import { CACHE_HASHED, CACHE_NAMED, consolePolicy, DOCS_POLICY, HASHED_FILES } from '../lib/console-headers.js';
import { rewritingCode } from '../lib/constructs/rewriting.js';
import { type Answer, gatewayAnswer } from './http-answer.js';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
};

/** The headers of the distribution's response headers policies, without HSTS, which is for HTTPS. */
const headersWith = (policy: string, unframed: boolean) => ({
  'content-security-policy': policy,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  ...(unframed && { 'x-frame-options': 'DENY' }),
});

/** `/docs` itself is a page of the API. */
export const isConsolePath = (path: string): boolean => /^\/console($|\/)|^\/docs\//.test(path);

/** What the function that CloudFront runs before the files makes of an address: a file's, or the answer. */
type Rewritten = { readonly uri: string } | NotFound;
interface NotFound {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, { readonly value: string }>>;
  readonly body: { readonly data: string };
}

function rewritten(uri: string, docs: string): Rewritten {
  return compileFunction(`${rewritingCode(docs)}; return handler({ request: { uri } });`, ['uri'])(uri);
}

/**
 * Answers paths of the console and of the documentation as deployed.
 * @param site folder of the built console, with the documentation in `docs/`; by default both are built when asked for
 */
export function consoleFiles(portalOrigins?: readonly string[], site?: string): (path: string) => Promise<Answer> {
  const console: Site = {
    base: '/console/',
    headers: headersWith(consolePolicy(portalOrigins), !portalOrigins),
    build: async () => site ?? (await import('../lib/console-bundle.js')).bundleConsole(),
  };
  const docs: Site = {
    base: '/console/docs/',
    headers: headersWith(DOCS_POLICY, true),
    build: async () => (site ? join(site, 'docs') : (await import('../lib/docs-bundle.js')).bundleDocs()),
  };
  return (path) => answerOf(path.startsWith('/docs/') ? docs : console, path);
}

interface Site {
  /** Of its files in the distribution's bucket. */
  readonly base: string;
  readonly headers: Readonly<Record<string, string>>;
  build(): Promise<string>;
  /** Built at its first request, so that a stack without such a request builds nothing. */
  built?: Promise<string> | undefined;
}

async function answerOf(site: Site, path: string): Promise<Answer> {
  site.built ??= site.build();
  try {
    const folder = await site.built;
    const result = rewritten(path, folder);
    if ('statusCode' in result) return notFound(result, site.headers);
    return fileAnswer(folder, result.uri.slice(site.base.length), site.headers);
  } catch (error) {
    site.built = undefined;
    return { status: 500, headers: { 'content-type': 'text/plain' }, body: String(error) };
  }
}

function notFound({ statusCode, headers, body }: NotFound, policies: Site['headers']): Answer {
  return {
    status: statusCode,
    headers: { ...policies, 'content-type': headers['content-type']!.value },
    body: body.data,
  };
}

function fileAnswer(folder: string, path: string, headers: Readonly<Record<string, string>>): Answer {
  const file = join(folder, path);
  if (!file.startsWith(folder) || !statSync(file, { throwIfNoEntry: false })?.isFile())
    return gatewayAnswer(404, 'Not Found');
  const type = TYPES[extname(file)] ?? 'application/octet-stream';
  const cache = path.startsWith(HASHED_FILES) ? CACHE_HASHED : CACHE_NAMED;
  return {
    status: 200,
    headers: { ...headers, 'content-type': type, 'cache-control': cache },
    body: readFileSync(file),
  };
}
