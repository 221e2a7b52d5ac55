import { setTimeout as sleep } from 'node:timers/promises';
import { PAYLOAD } from '../stories/receiver.js';
import type { StoryTeller } from '../stories/story-teller.js';

const EVERY_MS = 1_000;
/** How often a request is sent again, under its Idempotency-Key, as a client would. */
const MOST_TRIES = 10;

export interface Traffic {
  /** Ends it. Answers the ids of all task runs that were accepted, and how many answers were worth another try. */
  stop(): Promise<{ readonly accepted: readonly string[]; readonly repeated: number }>;
}

/** Creates a task each second, as long as the stage is changed. `stop` throws when a request is refused for good. */
export function startTraffic(teller: StoryTeller, endpoint_id: string): Traffic {
  const accepted: string[] = [];
  let repeated = 0;
  let isOver = false;

  const create = async (key: string): Promise<string> => {
    for (let tries = 1; ; tries++) {
      const headers = { 'idempotency-key': key };
      const reply = await teller.api.post('/v1/tasks', { endpoint_id, payload: PAYLOAD }, headers).catch(String);
      if (typeof reply !== 'string' && reply.status === 201) return reply.body.id;
      const isWorthIt = typeof reply === 'string' || reply.status >= 500 || [409, 429].includes(reply.status);
      if (!isWorthIt || tries === MOST_TRIES)
        throw new Error(`${key}: ${typeof reply === 'string' ? reply : `${reply.status} ${reply.text}`}`);
      repeated++;
      await sleep(EVERY_MS);
    }
  };
  const running = (async () => {
    for (let n = 0; !isOver; n++) {
      accepted.push(await create(`traffic-${n}`));
      await sleep(EVERY_MS);
    }
  })();
  running.catch(() => {}); // `stop` throws it

  return {
    async stop() {
      isOver = true;
      await running;
      return { accepted, repeated };
    },
  };
}
