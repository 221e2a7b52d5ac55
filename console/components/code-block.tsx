import './code-block.css';

interface CodeBlockProps {
  /** What it is, for those who listen. */
  readonly label: string;
  readonly text: string;
}

/** Text as it is, which scrolls where it is long, with a button that copies it. */
export function CodeBlock({ label, text }: CodeBlockProps) {
  return (
    <div class="code-block">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      <section aria-label={label} tabIndex={0}>
        <pre>{text}</pre>
      </section>
      <wa-copy-button value={text} copy-label={`Copy: ${label}`} />
    </div>
  );
}
