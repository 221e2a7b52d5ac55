import './code-block.css';

interface CodeBlockProps {
  /** Label for screen readers. */
  readonly label: string;
  readonly text: string;
}

/** Unchanged text, which scrolls where it is long, with a copy button. */
export function CodeBlock({ label, text }: CodeBlockProps) {
  return (
    <div class="code-block">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard (WCAG 2.1.1). */}
      <section aria-label={label} tabIndex={0}>
        <pre>{text}</pre>
      </section>
      <wa-copy-button value={text} copy-label={`Copy: ${label}`} />
    </div>
  );
}
