import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { May, type Permission } from '../api/may.js';
import { useAction } from '../api/use-action.js';
import { Dialog } from './dialog.js';
import { ProblemNotice } from './problem-notice.js';

interface ActionButtonProps {
  /** What the API asks for it in the chosen project; `nothing` where the page has asked already. */
  readonly needs: Permission | 'nothing';
  readonly label: string;
  readonly perform: () => Promise<unknown>;
  /** Consequences of the action, shown in a dialog that asks for confirmation. */
  readonly confirm?: ComponentChildren;
  readonly kind?: 'primary' | 'danger' | '';
}

/** A button that performs an action at once or after a confirmation; a dialog shows its failure. */
export function ActionButton({ needs, ...action }: ActionButtonProps) {
  if (needs === 'nothing') return <Action {...action} />;
  return (
    <May needs={needs}>
      <Action {...action} />
    </May>
  );
}

function Action({ label, perform, confirm, kind = '' }: Omit<ActionButtonProps, 'needs'>) {
  const [open, setOpen] = useState(false);
  const { run, busy, problem, clear } = useAction(async () => {
    await perform();
    setOpen(false);
  });
  const close = () => {
    setOpen(false);
    clear();
  };
  return (
    <>
      <button
        type="button"
        class={`button ${confirm ? '' : kind}`}
        disabled={busy}
        onClick={() => (confirm ? setOpen(true) : void run())}
      >
        {label}
      </button>
      <Dialog label={label} open={open || problem !== undefined} onClose={close}>
        {confirm && <p>{confirm}</p>}
        <ProblemNotice problem={problem} />
        <div class="actions">
          <button type="button" class="button" onClick={close}>
            {confirm ? 'Cancel' : 'Close'}
          </button>
          {confirm && (
            <button type="button" class={`button ${kind || 'primary'}`} disabled={busy} onClick={() => void run()}>
              {label}
            </button>
          )}
        </div>
      </Dialog>
    </>
  );
}
