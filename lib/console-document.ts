import { createHash } from 'node:crypto';
import { openApiText } from './bundles.js';

export interface ConsoleDocument {
  /** The OpenAPI document without the two dialects, which the console does not speak. */
  readonly text: string;
  /** Names this document; the header of the types that were made of it carries it. */
  readonly digest: string;
}

/** What the console's types are made of, from the sources of today. */
export function consoleDocument(): ConsoleDocument {
  const document = JSON.parse(openApiText()) as { paths: Record<string, unknown> };
  const paths = Object.fromEntries(Object.entries(document.paths).filter(([path]) => path.startsWith('/v1/')));
  const text = JSON.stringify({ ...document, paths });
  return { text, digest: createHash('sha256').update(text).digest('hex').slice(0, 16) };
}
