import type WaDialog from '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useRef } from 'preact/hooks';

interface DialogProps {
  readonly label: string;
  readonly open: boolean;
  /** For what is compared side by side. */
  readonly wide?: boolean;
  /** Called when the dialog was closed in any way. */
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A dialog in front of the page. Its children exist only while the dialog is open. */
export function Dialog({ label, open, wide = false, onClose, children }: DialogProps) {
  const element = useRef<WaDialog | null>(null);
  const keep = useCallback((dialog: WaDialog | null) => {
    element.current = dialog;
  }, []);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const dialog = element.current;
    const hidden = (event: Event) => event.target === dialog && close.current();
    dialog?.addEventListener('wa-after-hide', hidden);
    return () => dialog?.removeEventListener('wa-after-hide', hidden);
  }, []);
  useEffect(() => {
    if (element.current) element.current.open = open;
  }, [open]);
  return (
    <wa-dialog label={label} ref={keep} class={wide ? 'wide' : ''}>
      {open && children}
    </wa-dialog>
  );
}
