import { useEffect } from 'preact/hooks';
import { keep, kept } from './kept.js';

const KEY = 'punctual-letter-keys';

/**
 * Whether single characters are shortcuts, which this browser keeps. Speech input types such characters by mistake, so
 * that they can be switched off (WCAG 2.1.4).
 */
export const hasLetterKeys = (): boolean => kept(KEY) !== 'off';
export const setLetterKeys = (on: boolean): void => keep(KEY, on ? 'on' : 'off');

interface Shown {
  readonly onFind: () => void;
  readonly onShortcuts: () => void;
}

/** The keys of the console: find with `/` or Ctrl-K, and go through the rows of lists with j, k, Enter and x. */
export function useKeyboard({ onFind, onShortcuts }: Shown): void {
  useEffect(() => {
    const letters: Readonly<Record<string, () => void>> = {
      '/': onFind,
      '?': onShortcuts,
      j: () => focusRow(1),
      k: () => focusRow(-1),
      x: chooseRow,
    };
    const pressed = (event: KeyboardEvent) => {
      if (event.key === 'k' && (event.metaKey || event.ctrlKey)) return take(event, onFind);
      const act = letters[event.key];
      if (!act || event.metaKey || event.ctrlKey || event.altKey || isBusy(event) || !hasLetterKeys()) return;
      take(event, act);
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [onFind, onShortcuts]);
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
