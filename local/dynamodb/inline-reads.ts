import type { Store } from 'dynalite/db/index.js';

/**
 * Reads items on the spot: LevelDB has nearly all of them in memory, and handing each read over to a thread of libuv, as
 * dynalite does, takes far longer than the read.
 */
export function readInline({ db }: Store): void {
  db.get = (key, done) => {
    try {
      process.nextTick(done, null, db.getSync(key));
    } catch (error) {
      process.nextTick(done, error);
    }
  };
}
