import { CodeBlock } from './code-block.js';
import { Dialog } from './dialog.js';

interface OnceSecretProps {
  readonly label: string;
  /** Undefined while there is none to show. */
  readonly secret: string | undefined;
  readonly onClose: () => void;
}

/** A secret, the one time that the API shows it. */
export function OnceSecret({ label, secret, onClose }: OnceSecretProps) {
  return (
    <Dialog label={label} open={secret !== undefined} onClose={onClose}>
      <p>It is shown this once: copy it to where it is needed before you close this.</p>
      <CodeBlock label={label} text={secret ?? ''} />
      <div class="actions">
        <button type="button" class="button primary" onClick={onClose}>
          I have it
        </button>
      </div>
    </Dialog>
  );
}
