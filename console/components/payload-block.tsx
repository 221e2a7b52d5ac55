import { CodeBlock } from './code-block.js';

interface PayloadBlockProps {
  readonly label: string;
  /** A string as it was sent, or any JSON. */
  readonly payload: unknown;
}

/** A payload or a body: JSON over several lines, anything else as it is. */
export function PayloadBlock({ label, payload }: PayloadBlockProps) {
  if (payload === null || payload === undefined || payload === '') return <p class="quiet">Empty.</p>;
  return <CodeBlock label={label} text={readable(payload)} />;
}

function readable(payload: unknown): string {
  if (typeof payload !== 'string') return JSON.stringify(payload, null, 2);
  try {
    return JSON.stringify(JSON.parse(payload), null, 2);
  } catch {
    return payload;
  }
}
