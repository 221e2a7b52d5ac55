import { createHash } from 'node:crypto';
import { openApiText } from './bundles.js';

export interface ConsoleDocument {
  /** The OpenAPI document without the two dialects, which the console does not use. */
  readonly text: string;
  /** Digest of this document; the file of types that was made from the document carries the digest. */
  readonly digest: string;
}

/** The document from which the console's types are made, from the present sources. */
export function consoleDocument(): ConsoleDocument {
  const document = JSON.parse(openApiText()) as { paths: Record<string, unknown> };
  const paths = Object.fromEntries(Object.entries(document.paths).filter(([path]) => path.startsWith('/v1/')));
  const text = JSON.stringify({ ...document, paths });
  return { text, digest: createHash('sha256').update(text).digest('hex').slice(0, 16) };
}
