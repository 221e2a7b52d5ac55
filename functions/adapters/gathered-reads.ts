import { MESSAGES_APART_MS } from './batcher.js';

/**
 * Whoever asks for the same within a few milliseconds shares one read, which begins after all of them have asked: so it is
 * as consistent as a read of one's own.
 */
export function gatheredReads(): <Value>(key: string, read: () => Promise<Value>) => Promise<Value> {
  const gathering = new Map<string, Promise<unknown>>();
  return <Value>(key: string, read: () => Promise<Value>) => {
    const shared =
      (gathering.get(key) as Promise<Value> | undefined) ??
      new Promise<void>((resolve) => setTimeout(resolve, MESSAGES_APART_MS)).then(() => {
        gathering.delete(key);
        return read();
      });
    gathering.set(key, shared);
    return shared;
  };
}
