import { useState } from 'preact/hooks';
import { Dialog } from '../components/dialog.js';
import { Facts } from '../components/facts.js';
import { hasLetterKeys, setLetterKeys } from './keyboard.js';

interface ShortcutsProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

const ALWAYS = [
  ['Ctrl K', 'find anything; on a Mac ⌘K'],
  ['Enter', 'open the row that has the focus'],
] as const;
const LETTERS = [
  ['/', 'find anything'],
  ['j', 'the next row of a list'],
  ['k', 'the row before'],
  ['x', 'choose the row, or choose it no more'],
  ['?', 'these shortcuts'],
] as const;

/** The keys of the console, and the switch of those that are single characters. */
export function Shortcuts(props: ShortcutsProps) {
  return (
    <Dialog label="Keyboard shortcuts" {...props}>
      <Keys />
    </Dialog>
  );
}

function Keys() {
  const [letters, setLetters] = useState(hasLetterKeys);
  const change = (on: boolean) => {
    setLetterKeys(on);
    setLetters(on);
  };
  return (
    <>
      <Facts facts={ALWAYS} />
      <label class="choice">
        <input type="checkbox" checked={letters} onChange={(event) => change(event.currentTarget.checked)} />
        Single-character shortcuts
      </label>
      <p class="quiet small">
        This browser keeps the choice. Switch them off if you speak to your computer, or press keys by mistake.
      </p>
      {letters && <Facts facts={LETTERS} />}
    </>
  );
}
