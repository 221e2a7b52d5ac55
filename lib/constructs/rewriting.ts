import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HASHED_FILES } from '../console-headers.js';

/**
 * The code of the CloudFront function that says which file answers an address, or that the documentation has no such page.
 * @param docs folder of the built documentation
 */
export function rewritingCode(docs: string): string {
  const files = existsSync(docs) ? readdirSync(docs, { recursive: true }).map(String).sort() : [];
  const named = files.filter((name) => name.includes('.') && !name.startsWith(HASHED_FILES));
  const notFound = named.includes('404.html') ? readFileSync(join(docs, '404.html'), 'utf8') : 'Not Found';
  return [
    `const DOCS_FILES = ${JSON.stringify(named)};`,
    `const NOT_FOUND = ${JSON.stringify(notFound)};`,
    readFileSync(join(__dirname, 'console-rewrite.js'), 'utf8'),
  ].join('\n');
}
