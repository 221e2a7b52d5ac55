import { useEffect, useState } from 'preact/hooks';

interface CopyButtonProps {
  readonly text: string;
  readonly label: string;
}

/** A copy button with words, for the main text of a page. */
export function CopyButton({ text, label }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => void navigator.clipboard.writeText(text).then(() => setCopied(true));
  return (
    <button type="button" class="button primary" onClick={copy}>
      <span role="status">{copied ? 'Copied' : label}</span>
    </button>
  );
}
