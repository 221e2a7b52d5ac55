import { ConflictError } from '../../functions/primitives/faults.js';
import { Killed } from './memory-world.js';

export type Client = (request: () => Promise<void>) => Promise<void>;

/** Repeats a request whose process died; a conflict then means that the first try had been enough. */
export const client: Client = async (request) => {
  for (let died = false; ; ) {
    try {
      return await request();
    } catch (error) {
      if (error instanceof Killed) died = true;
      else if (died && error instanceof ConflictError) return;
      else throw error;
    }
  }
};
