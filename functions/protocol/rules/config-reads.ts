import { BoundedCache } from '../../primitives/bounded-cache.js';
import { askOnce } from '../../primitives/once.js';
import type { ConfigReader } from '../../subjects/endpoints/config-reader.js';

/** A key that is read this often in a second is busy: an API environment serves about 17 requests a second. */
const BUSY_READS = 10;
const REMEMBERED_MS = 1_000;
const REMEMBERED_MOST = 1_000;

interface Remembered {
  readonly until: number;
  /** Whether the key was busy in the second before, too. */
  readonly stayedBusy: boolean;
  asked: number;
  value: Promise<unknown>;
}

/**
 * Reads through, except for busy keys. After ten reads of a key within a second, the last answer holds for the rest of
 * that second. While the key stays busy, the first answer of each second holds. So rare readers never get an old
 * answer, and a busy key costs almost nothing. A missing object is never cached.
 */
export function hotReads(now: () => number): <Value>(key: string, read: () => Promise<Value>) => Promise<Value> {
  const remembered = new BoundedCache<Remembered>(REMEMBERED_MOST);
  return <Value>(key: string, read: () => Promise<Value>) => {
    const known = remembered.get(key);
    const isCurrent = known !== undefined && now() < known.until;
    if (isCurrent && (known.stayedBusy || known.asked >= BUSY_READS)) {
      known.asked++;
      return known.value as Promise<Value>;
    }
    const value = read();
    const next = isCurrent ? { ...known, asked: known.asked + 1, value } : startOfSecond(known, now(), value);
    remembered.set(key, next);
    const forget = () => remembered.remove(key, next);
    value.then((found) => found ?? forget(), forget);
    return value;
  };
}

function startOfSecond(before: Remembered | undefined, now: number, value: Promise<unknown>): Remembered {
  const stayedBusy = before !== undefined && before.asked >= BUSY_READS && now < before.until + REMEMBERED_MS;
  return { until: now + REMEMBERED_MS, stayedBusy, asked: 1, value };
}

/** The same configuration; a busy object may be up to a second old. Not for deciding whether a call may be made. */
export function hotConfig(config: ConfigReader, now: () => number): ConfigReader {
  return readBy(hotReads(now), config);
}

/** The same configuration, each object read once. For one request, not longer. */
export function rememberConfig(config: ConfigReader): ConfigReader {
  return readBy(askOnce(), config);
}

function readBy(read: ReturnType<typeof askOnce>, config: ConfigReader): ConfigReader {
  return {
    project: (id) => read(id, () => config.project(id)),
    endpoint: (project, id) => read(`${project} ${id}`, () => config.endpoint(project, id)),
    retryPolicy: (project, id) => read(`${project} ${id}`, () => config.retryPolicy(project, id)),
  };
}
