import { useEffect, useId, useState } from 'preact/hooks';
import { useProject } from '../../api/project.js';
import { useSession } from '../../api/session.js';
import { useLive } from '../../api/use-live.js';
import { Dialog } from '../../components/dialog.js';
import { shortId } from '../../components/identifier.js';
import { useSettled } from '../../components/use-settled.js';
import { usePlace } from '../location.js';
import { find } from './find.js';
import { byId, type Found, matching, once } from './found.js';
import { offers } from './offers.js';
import './palette.css';
import { recentIn } from './recent.js';

/** Milliseconds without typing before the API is asked. */
const PAUSE_MS = 200;
const SHOWN = 12;

interface PaletteProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Finds anything of the project by a few letters, and opens it. */
export function Palette({ open, onClose }: PaletteProps) {
  return (
    <Dialog label="Find" open={open} onClose={onClose}>
      <Finder onClose={onClose} />
    </Dialog>
  );
}

function Finder({ onClose }: Pick<PaletteProps, 'onClose'>) {
  const { go } = usePlace();
  const id = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const { found, busy } = useFound(text.trim());
  const current = Math.min(at, found.length - 1);
  const choose = (one: Found | undefined) => {
    if (!one) return;
    onClose();
    go(one.path, one.query);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setAt(Math.max(0, Math.min(current + step, found.length - 1)));
    else if (event.key === 'Enter') choose(found[current]);
    else return;
    event.preventDefault();
  };
  useEffect(() => document.getElementById(`${id}-${current}`)?.scrollIntoView({ block: 'nearest' }), [current]);
  return (
    <div class="palette stack-tight">
      <input
        type="text"
        role="combobox"
        aria-label="Find by id, name, label or key"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={found.length > 0 ? `${id}-${current}` : undefined}
        placeholder="An id, a name, a label like customer:42, or a key"
        autocomplete="off"
        spellcheck={false}
        autofocus
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div class="palette-list" role="listbox" aria-label="Found" id={`${id}-list`}>
        {found.map((one, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and the keys.
          <div
            key={`${one.path} ${one.text}`}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === current}
            onClick={() => choose(one)}
          >
            <span class="quiet small">{one.kind}</span>
            <span class="ellipsis">{one.text}</span>
            {one.note && <code class="quiet">{byId(one.note) ? shortId(one.note) : one.note}</code>}
          </div>
        ))}
      </div>
      <p class="quiet small" role="status">
        {found.length === 0
          ? busy
            ? 'Searching…'
            : 'Nothing found. Give the beginning of a name, an id or a label, or a whole key.'
          : ''}
      </p>
    </div>
  );
}

/** What is offered for a text: pages and actions at once, objects of the project when typing pauses. */
function useFound(text: string): { readonly found: readonly Found[]; readonly busy: boolean } {
  const { api, project } = useProject();
  const { may } = useSession();
  const settled = useSettled(text, PAUSE_MS);
  const key = settled && !byId(settled) ? `find ${settled}` : undefined;
  const { data, error } = useLive(key, (signal) => find(api, settled, signal), { everyMs: false });
  const recent = recentIn(project.id);
  const offered = offers((needs) => may(needs, project.id));
  const named = byId(text);
  if (named) return { found: [named], busy: false };
  if (text === '') return { found: [...recent, ...offered].slice(0, SHOWN), busy: false };
  const busy = settled !== text || (data === undefined && error === undefined);
  return { found: once([...matching([...recent, ...offered], text), ...(data ?? [])]).slice(0, SHOWN), busy };
}
