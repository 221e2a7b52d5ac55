import type { ConfigReader } from './ports.js';

/** Whoever is read this often within a second is busy. */
const BUSY_READS = 20;
const REMEMBERED_MS = 1_000;
const REMEMBERED_MOST = 1_000;

interface Remembered {
  readonly until: number;
  reads: number;
  value: Promise<unknown>;
}

/**
 * Reads through, but what is asked for over and over: after twenty reads within a second their last answer holds for the
 * rest of it. So nobody who reads now and then gets anything old, and a busy key costs next to nothing. That something
 * is not there is never remembered.
 */
export function hotReads(now: () => number): <Value>(key: string, read: () => Promise<Value>) => Promise<Value> {
  const remembered = new Map<string, Remembered>();
  return <Value>(key: string, read: () => Promise<Value>) => {
    const known = remembered.get(key);
    const isCurrent = known !== undefined && now() < known.until;
    if (isCurrent && known.reads >= BUSY_READS) return known.value as Promise<Value>;
    const value = read();
    if (remembered.size >= REMEMBERED_MOST) remembered.clear();
    const next = {
      until: isCurrent ? known.until : now() + REMEMBERED_MS,
      reads: isCurrent ? known.reads + 1 : 1,
      value,
    };
    remembered.set(key, next);
    const forget = () => remembered.get(key) === next && remembered.delete(key);
    value.then((found) => found ?? forget(), forget);
    return value;
  };
}

/** The same configuration; what is busy may be up to a second old. Not for whoever decides whether a call may be made. */
export function hotConfig(config: ConfigReader, now: () => number): ConfigReader {
  const read = hotReads(now);
  return {
    project: (id) => read(id, () => config.project(id)),
    endpoint: (project, id) => read(`${project} ${id}`, () => config.endpoint(project, id)),
    retryPolicy: (project, id) => read(`${project} ${id}`, () => config.retryPolicy(project, id)),
  };
}
