import { CodeBlock } from './code-block.js';
import { onLines, payloadText } from './form-values.js';

interface PayloadBlockProps {
  readonly label: string;
  /** A string payload unchanged, or the text of other JSON. */
  readonly payload: unknown;
}

/** A payload or a body: JSON over several lines, other text unchanged. */
export function PayloadBlock({ label, payload }: PayloadBlockProps) {
  if (payload === null || payload === undefined || payload === '') return <p class="quiet">Empty.</p>;
  return <CodeBlock label={label} text={onLines(payloadText(payload))} />;
}
