import { useEffect, useRef, useState } from 'preact/hooks';
import { answerOf, type Schemas } from './client.js';
import { useProject } from './project.js';
import { useLive } from './use-live.js';

type Run = Schemas['TaskRun'];
type Line = Schemas['FeedLine'];

interface FeedFilter {
  readonly endpoint_id?: string | undefined;
  readonly label?: string[] | undefined;
}

/** Pages of one look: a tab that was hidden for long catches up in several. */
const MOST_PAGES = 5;

/**
 * Task runs that have changed, each as it is now, in the order of their changes; from a minute ago on. While it is off
 * nothing is asked, and later it goes on where it stopped.
 */
export function useFeed(filter: FeedFilter, isOn: boolean): readonly Run[] {
  const { api, project } = useProject();
  const key = JSON.stringify([project.id, filter]);
  const read = useRef<{ key: string; cursor?: string; changes: number; runs: readonly Run[] }>(begun(key));
  if (read.current.key !== key) read.current = begun(key);
  useLive(isOn ? key : undefined, async (signal) => {
    const feed = read.current;
    for (let pages = 0, more = true; more && pages < MOST_PAGES; pages++) {
      const query = { ...filter, type: 'task_run', cursor: feed.cursor } as const;
      const text = (await answerOf(api.GET('/v1/feed', { params: { query }, parseAs: 'text', signal }))) as string;
      const lines = text.split('\n').filter(Boolean);
      const changed = lines.map((line) => JSON.parse(line) as Line);
      const runs = changed.flatMap((line) => (line.type === 'task_run' ? [line.data] : []));
      feed.changes += runs.length;
      if (runs.length > 0) feed.runs = newestOf([...feed.runs, ...runs]);
      for (const line of changed) if (line.type === 'page') ({ cursor: feed.cursor, more } = line.data);
    }
    return feed.changes;
  });
  return read.current.runs;
}

const begun = (key: string) => ({ key, changes: 0, runs: [] });

/** Of each run the last, and of very many runs the last ones. */
function newestOf(runs: readonly Run[]): readonly Run[] {
  const byId = new Map<string, Run>();
  for (const run of runs) {
    byId.delete(run.id);
    byId.set(run.id, run);
  }
  return [...byId.values()].slice(-500);
}

/** A number that changes with `value`, but at most once in `everyMs`. */
export function useBeat(value: unknown, everyMs: number): number {
  const [beat, setBeat] = useState(0);
  const last = useRef(Date.now());
  const first = useRef(value);
  useEffect(() => {
    if (value === first.current) return;
    const timer = setTimeout(
      () => {
        last.current = Date.now();
        setBeat((n) => n + 1);
      },
      Math.max(0, last.current + everyMs - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [value, everyMs]);
  return beat;
}
