import { createHash } from 'node:crypto';

/** The drawing of a mermaid text, which `npm run docs:drawings` makes. A changed text has another name. */
export function drawingOf(text: string): string {
  const digest = createHash('sha256').update(text.trim()).digest('hex').slice(0, 8);
  return `drawings/mermaid-${digest}.svg`;
}
