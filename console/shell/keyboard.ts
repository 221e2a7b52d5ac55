import { useEffect } from 'preact/hooks';

/** The keys of the console: find with `/` or Ctrl-K, and go through the rows of lists with j, k, Enter and x. */
export function useKeyboard(onFind: () => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key === 'k' && (event.metaKey || event.ctrlKey)) take(event, onFind);
      else if (event.metaKey || event.ctrlKey || event.altKey || isBusy(event)) return;
      else if (event.key === '/') take(event, onFind);
      else if (event.key === 'j') take(event, () => focusRow(1));
      else if (event.key === 'k') take(event, () => focusRow(-1));
      else if (event.key === 'x') take(event, chooseRow);
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [onFind]);
}

function take(event: KeyboardEvent, act: () => void): void {
  event.preventDefault();
  act();
}

/** Whether the key is for a field, or for a dialog in front of the page. */
function isBusy({ target }: KeyboardEvent): boolean {
  const isField = (target as Element).matches('input:not([type="checkbox"]), select, textarea, [contenteditable]');
  return isField || document.querySelector('wa-dialog[open]') !== null;
}

const ROWS = '.data-table tbody tr';

/** Moves the focus to the first link of the next row, or of the row before; Enter then opens it. */
function focusRow(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>(ROWS)].filter((row) => row.querySelector('a'));
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[at === -1 ? (step === 1 ? 0 : rows.length - 1) : at + step];
  next?.querySelector('a')?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

/** Chooses the row that has the focus, or takes it from the chosen. */
function chooseRow(): void {
  document.activeElement?.closest(ROWS)?.querySelector<HTMLElement>('.choose input')?.click();
}
