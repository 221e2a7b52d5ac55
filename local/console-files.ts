import { readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { CACHE_HASHED, CACHE_NAMED, consolePolicy, HASHED_FILES } from '../lib/console-headers.js';
import { type Answer, gatewayAnswer } from './http-answer.js';

const BASE = '/console';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The headers of the distribution's response headers policy, without HSTS, which is for HTTPS. */
const headersFor = (portalOrigins: readonly string[] | undefined) => ({
  'content-security-policy': consolePolicy(portalOrigins),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  ...(!portalOrigins && { 'x-frame-options': 'DENY' }),
});

export const isConsolePath = (path: string): boolean => path === BASE || path.startsWith(`${BASE}/`);

/** Answers paths of the console as deployed: hashed files by name, and its one page for every other path. */
export function consoleFiles(portalOrigins?: readonly string[]): (path: string) => Promise<Answer> {
  const headers = headersFor(portalOrigins);
  let built: Promise<string> | undefined;
  return async (path) => {
    // The console is built at its first request, so that a stack without such a request builds nothing.
    built ??= buildNow();
    try {
      return fileAnswer(await built, path.slice(BASE.length + 1), headers);
    } catch (error) {
      built = undefined;
      return { status: 500, headers: { 'content-type': 'text/plain' }, body: String(error) };
    }
  };
}

async function buildNow(): Promise<string> {
  const { bundleConsole } = await import('../lib/console-bundle.js');
  return bundleConsole();
}

function fileAnswer(folder: string, path: string, headers: Readonly<Record<string, string>>): Answer {
  const hashed = path.startsWith(HASHED_FILES);
  const file = join(folder, hashed ? path : 'index.html');
  if (!file.startsWith(folder) || !statSync(file, { throwIfNoEntry: false })?.isFile())
    return gatewayAnswer(404, 'Not Found');
  const type = TYPES[extname(file)] ?? 'application/octet-stream';
  const cache = hashed ? CACHE_HASHED : CACHE_NAMED;
  return {
    status: 200,
    headers: { ...headers, 'content-type': type, 'cache-control': cache },
    body: readFileSync(file),
  };
}
