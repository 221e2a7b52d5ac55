import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { isPassing, nextWaitMs } from './polling.js';

export interface Live<Data> {
  /** The newest answer for this key; it stays while later requests fail. */
  readonly data: Data | undefined;
  /** Error of the newest request; undefined after the next success. */
  readonly error: unknown;
  /** Sends a request now, as after the user's own change. */
  readonly refresh: () => void;
}

interface Shown<Data> {
  readonly key: string;
  readonly text?: string;
  readonly data?: Data | undefined;
  readonly error?: unknown;
}

export interface LiveOptions {
  /** Shortest time between two requests; `false` sends one request, and another on each `refresh`. */
  readonly everyMs?: number | false;
  /** Each change of this value sends a request, too. */
  readonly beat?: number;
}

/**
 * The answer of `load`, kept fresh: one request at a time, none while the tab is hidden, fewer while nothing changes or
 * the API fails. Another `key` starts again; an undefined `key` sends no request.
 */
export function useLive<Data>(
  key: string | undefined,
  load: (signal: AbortSignal) => Promise<Data>,
  { everyMs, beat = 0 }: LiveOptions = {},
): Live<Data> {
  const [shown, setShown] = useState<Shown<Data>>({ key: '' });
  const latest = useRef(load);
  latest.current = load;
  const wake = useRef<() => void>(() => {});

  useEffect(() => {
    if (key === undefined) return;
    const settle = (next: Shown<Data>) =>
      setShown((before) => (before.text === next.text && sameState(before, next) ? before : next));
    const before = shown.key === key ? shown : { key };
    return poll({ key, everyMs, before, load: (signal) => latest.current(signal), settle, wake });
  }, [key, everyMs]);

  useEffect(() => {
    // A tab that is shown again asks anyway.
    if (beat > 0 && !document.hidden) wake.current();
  }, [beat]);

  const current = shown.key === key;
  const refresh = useCallback(() => wake.current(), []);
  return { data: current ? shown.data : undefined, error: current ? shown.error : undefined, refresh };
}

const sameState = <Data>(a: Shown<Data>, b: Shown<Data>): boolean => a.key === b.key && a.error === b.error;

interface Polling<Data> extends Pick<LiveOptions, 'everyMs'> {
  readonly key: string;
  /** What is shown for the key already. */
  readonly before: Shown<Data>;
  readonly load: (signal: AbortSignal) => Promise<Data>;
  readonly settle: (shown: Shown<Data>) => void;
  readonly wake: { current: () => void };
}

function poll<Data>({ key, everyMs, before, load, settle, wake }: Polling<Data>): () => void {
  const stopped = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let good = before;
  let unchanged = 0;
  let failures = 0;
  let asking = false;
  let again = false;

  const ask = async () => {
    clearTimeout(timer);
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    again = false;
    let error: unknown;
    try {
      const data = await load(stopped.signal);
      const text = JSON.stringify(data) ?? '';
      unchanged = text === good.text ? unchanged + 1 : 0;
      failures = 0;
      good = { key, text, data };
    } catch (thrown) {
      error = thrown;
      failures++;
    }
    asking = false;
    if (stopped.signal.aborted) return;
    settle(error === undefined ? good : { ...good, error });
    if (again) void ask();
    else if (everyMs !== false && !document.hidden && (error === undefined || isPassing(error)))
      timer = setTimeout(ask, nextWaitMs({ unchanged, failures, error }, everyMs));
  };
  const nudge = () => {
    unchanged = 0;
    void ask();
  };
  const onVisibility = () => {
    if (document.hidden) clearTimeout(timer);
    else if (everyMs !== false) nudge();
  };

  wake.current = nudge;
  document.addEventListener('visibilitychange', onVisibility);
  // Where only the pace has changed, to none, what is shown stays.
  if (everyMs !== false || good.text === undefined) void ask();
  return () => {
    stopped.abort();
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', onVisibility);
  };
}
