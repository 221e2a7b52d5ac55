import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Link } from '../shell/link.js';
import { usePlace } from '../shell/location.js';
import './filters.css';

interface FiltersProps {
  /** Names of the filters in the address. */
  readonly names: readonly string[];
  readonly children: ComponentChildren;
}

/** The filters of a list, which apply while the user types. A narrow screen shows them when asked. */
export function Filters({ names, children }: FiltersProps) {
  const { path, query } = usePlace();
  const [open, setOpen] = useState(false);
  const set = names.filter((name) => query[name]).length;
  return (
    <search class="filters">
      <button type="button" class="button filters-switch" aria-expanded={open} onClick={() => setOpen(!open)}>
        Filters{set > 0 && ` (${set})`}
      </button>
      <div class={`filter-fields ${open ? '' : 'closed'}`}>{children}</div>
      {set > 0 && (
        <Link to={path} class="small">
          Clear {set === 1 ? 'the filter' : `${set} filters`}
        </Link>
      )}
    </search>
  );
}
