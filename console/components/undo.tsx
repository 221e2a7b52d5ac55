import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { ProblemNotice } from './problem-notice.js';
import './undo.css';

/** What was done, and takes itself back. */
interface Done {
  readonly text: string;
  readonly undo: () => Promise<unknown>;
}

/** What cannot be taken back, and so has not been sent yet. */
interface Held {
  readonly text: string;
  /** The object that ends; lists do not show it any more. */
  readonly id: string;
  readonly perform: () => Promise<unknown>;
}

type Note = Done | Held;

interface Undo {
  /** Shows what was done, with a button that takes it back. */
  readonly offer: (done: Done) => void;
  /** Puts a request off for a few seconds, with a button that drops it. */
  readonly hold: (held: Held) => void;
  /** Sends now what is held. */
  readonly flush: () => Promise<void>;
  /** Ids of objects whose end is held, or was sent. */
  readonly gone: ReadonlySet<string>;
}

const Context = createContext<Undo>({
  offer: () => {},
  hold: () => {},
  flush: async () => {},
  gone: new Set(),
});

export const useUndo = (): Undo => useContext(Context);

/** Time in which an action can be undone. It does not pass while the pointer or the focus is on the message (WCAG 2.2.1). */
const OPEN_MS = 10_000;

const isHeld = (note: Note): note is Held => 'perform' in note;

/** Shows the newest action that can be undone. Another action, and the end of the page, ends the time for the one before. */
export function UndoProvider({ children }: { readonly children: ComponentChildren }) {
  const [note, setNote] = useState<Note>();
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const [error, setError] = useState<unknown>();
  const current = useRef<Note | undefined>(undefined);
  const isIn = (id: string, isGone: boolean) =>
    setGone((before) => new Set(isGone ? [...before, id] : [...before].filter((one) => one !== id)));

  const end = async (undone: boolean) => {
    const ended = current.current;
    if (!ended) return;
    current.current = undefined;
    setNote(undefined);
    const held = isHeld(ended) ? ended.id : undefined;
    if (held && undone) isIn(held, false);
    // What is held is sent unless it is undone; what was done stays unless it is undone.
    const act = isHeld(ended) ? !undone && ended.perform : undone && ended.undo;
    try {
      if (act) await act();
    } catch (thrown) {
      setError(thrown);
      if (held) isIn(held, false);
    }
  };
  const show = (next: Note) => {
    void end(false);
    setError(undefined);
    if (isHeld(next)) isIn(next.id, true);
    current.current = next;
    setNote(next);
  };
  const flush = () => end(false);
  useEffect(() => {
    addEventListener('pagehide', flush);
    return () => removeEventListener('pagehide', flush);
  }, []);
  const undo = useMemo<Undo>(() => ({ offer: show, hold: show, flush, gone }), [gone]);
  return (
    <Context.Provider value={undo}>
      {children}
      <div class="undo" role="status">
        {note && <Message key={note.text} text={note.text} onEnd={end} />}
        {error !== undefined && (
          <div class="card card-body stack-tight">
            <ProblemNotice error={error} />
            <button type="button" class="button" onClick={() => setError(undefined)}>
              Close
            </button>
          </div>
        )}
      </div>
    </Context.Provider>
  );
}

interface MessageProps {
  readonly text: string;
  readonly onEnd: (undone: boolean) => void;
}

function Message({ text, onEnd }: MessageProps) {
  const [isWaiting, wait] = useState(false);
  useEffect(() => {
    if (isWaiting) return;
    const timer = setTimeout(() => onEnd(false), OPEN_MS);
    return () => clearTimeout(timer);
  }, [isWaiting]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only the time stops; the button within has the action.
    <div
      class="card undo-message row"
      onMouseEnter={() => wait(true)}
      onMouseLeave={() => wait(false)}
      onFocusIn={() => wait(true)}
      onFocusOut={() => wait(false)}
    >
      <span>{text}</span>
      <button type="button" class="button" onClick={() => onEnd(true)}>
        Undo
      </button>
    </div>
  );
}
