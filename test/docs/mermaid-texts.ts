import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCS = join(__dirname, '../../docs');

/** Each mermaid text of the pages, which GitHub draws by itself. */
export function mermaidTexts(): string[] {
  const pages = readdirSync(DOCS, { recursive: true }).map(String);
  return pages
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) => [...readFileSync(join(DOCS, name), 'utf8').matchAll(/^```mermaid\n([\s\S]*?)^```$/gm)])
    .map(([, text]) => text!);
}
