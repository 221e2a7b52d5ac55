import './secret-once.css';

interface SecretOnceProps {
  readonly label: string;
  readonly value: string;
  /** What it is good for. */
  readonly hint?: string;
}

/** A secret that the API shows this once, with a button that copies it. */
export function SecretOnce({ label, value, hint }: SecretOnceProps) {
  return (
    <div class="stack-tight secret-once">
      <span class="field-label">{label}</span>
      <span class="secret-value">
        <code class="break">{value}</code>
        <wa-copy-button value={value} copy-label={`Copy: ${label}`} />
      </span>
      {hint && <p class="quiet small">{hint}</p>}
    </div>
  );
}
