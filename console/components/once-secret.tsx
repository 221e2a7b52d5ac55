import { CodeBlock } from './code-block.js';
import { Dialog } from './dialog.js';

interface OnceSecretProps {
  readonly label: string;
  /** Undefined while there is no secret to show. */
  readonly secret: string | undefined;
  readonly onClose: () => void;
}

/** A dialog with a secret, which the API shows only once. */
export function OnceSecret({ label, secret, onClose }: OnceSecretProps) {
  return (
    <Dialog label={label} open={secret !== undefined} onClose={onClose}>
      <p>It is shown only once. Copy it before you close this dialog.</p>
      <CodeBlock label={label} text={secret ?? ''} />
      <div class="actions">
        <button type="button" class="button primary" onClick={onClose}>
          I have copied it
        </button>
      </div>
    </Dialog>
  );
}
