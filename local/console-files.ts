import { readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { compileFunction } from 'node:vm';
import { CACHE_HASHED, CACHE_NAMED, consolePolicy, DOCS_POLICY, HASHED_FILES } from '../lib/console-headers.js';
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

/** The function that CloudFront runs before the files: says which of them answers an address. */
const rewritten = compileFunction(
  `${readFileSync(join(__dirname, '../lib/constructs/console-rewrite.js'), 'utf8')}
  return handler({ request: { uri } }).uri;`,
  ['uri'],
) as (uri: string) => string;

/** Answers paths of the console and of the documentation as deployed. */
export function consoleFiles(portalOrigins?: readonly string[]): (path: string) => Promise<Answer> {
  const console: Site = {
    base: '/console/',
    headers: headersWith(consolePolicy(portalOrigins), !portalOrigins),
    build: async () => (await import('../lib/console-bundle.js')).bundleConsole(),
  };
  const docs: Site = {
    base: '/console/docs/',
    headers: headersWith(DOCS_POLICY, true),
    build: async () => (await import('../lib/docs-bundle.js')).bundleDocs(),
  };
  return (path) => {
    const file = rewritten(path);
    return answerOf(file.startsWith(docs.base) ? docs : console, file);
  };
}

interface Site {
  /** Of its files in the distribution's bucket. */
  readonly base: string;
  readonly headers: Readonly<Record<string, string>>;
  build(): Promise<string>;
  /** Built at its first request, so that a stack without such a request builds nothing. */
  built?: Promise<string> | undefined;
}

async function answerOf(site: Site, file: string): Promise<Answer> {
  site.built ??= site.build();
  try {
    return fileAnswer(await site.built, file.slice(site.base.length), site.headers);
  } catch (error) {
    site.built = undefined;
    return { status: 500, headers: { 'content-type': 'text/plain' }, body: String(error) };
  }
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
