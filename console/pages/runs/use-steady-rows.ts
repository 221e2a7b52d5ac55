import { useRef } from 'preact/hooks';
import type { Schemas } from '../../api/client.js';

type Run = Schemas['TaskRun'];
type Listed = Schemas['TaskRunList'];

export interface SteadyRows {
  readonly rows: readonly Run[] | undefined;
  readonly nextCursor: string | null | undefined;
  /** How many task runs are newer than the newest row. */
  readonly newer: number;
  /** The next answer of the list is shown as it is. */
  readonly showNext: () => void;
}

interface Shown {
  readonly key: string;
  readonly list: Listed;
}

/** A list that does not move under its reader: changes go into its rows, and new rows wait until they are asked for. */
export function useSteadyRows(
  key: string,
  listed: Listed | undefined,
  changed: readonly Run[],
  fits: (run: Run) => boolean,
): SteadyRows {
  const shown = useRef<Shown | undefined>(undefined);
  const wanted = useRef(false);
  const heard = useRef<readonly Run[]>([]);
  const listedBefore = useRef<Listed | undefined>(undefined);
  const latest = useRef(new Map<string, Run>());

  const isNews = listed !== listedBefore.current;
  if (listed && isNews) for (const run of listed.data) latest.current.set(run.id, run);
  if (changed !== heard.current) for (const run of changed) latest.current.set(run.id, run);
  listedBefore.current = listed;
  heard.current = changed;

  const isOther = shown.current?.key !== key;
  const isEmpty = shown.current?.list.data.length === 0;
  if (isOther) shown.current = undefined;
  if (listed && (isOther || isEmpty || (wanted.current && isNews))) {
    shown.current = { key, list: listed };
    wanted.current = false;
  }
  const list = shown.current?.list;
  const newest = list?.data[0]?.id ?? '';
  const isNewer = ({ id }: Run) => list !== undefined && id > newest;
  const newer = [...(listed?.data ?? []), ...changed.filter((run) => fits(latest.current.get(run.id)!))].filter(
    isNewer,
  );
  return {
    rows: list?.data.map((run) => latest.current.get(run.id) ?? run),
    nextCursor: list?.next_cursor,
    newer: new Set(newer.map(({ id }) => id)).size,
    showNext: () => {
      wanted.current = true;
    },
  };
}
