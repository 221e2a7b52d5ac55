import { makeId } from '../../functions/primitives/ids.js';
import { fanOut } from '../../functions/protocol/events/fan-out.js';
import type { FanOutToken } from '../../functions/protocol/rules/token.js';
import { eventExpiresAt, type PublishedEvent } from '../../functions/subjects/events/event.js';
import { anEndpoint, type HttpEndpoint, Killed, type MemoryWorld, PROJECT_ID, START } from './memory-world.js';

export const KEEP_MS = 30 * 86_400_000;

/** The n-th endpoint that listens: ids ascend with n. */
export function aListener(n: number, ...event_filters: string[]): HttpEndpoint {
  const serial = Buffer.alloc(8);
  serial.writeUInt32BE(n, 4);
  return anEndpoint({ id: makeId('ep', 1_700_000_000_001, serial), name: `listener ${n}`, event_filters });
}

let events = 0;
export function anEvent(change: Partial<PublishedEvent> = {}): PublishedEvent {
  const serial = Buffer.alloc(8);
  serial.writeUInt32BE(++events, 4);
  return {
    id: makeId('evt', START, serial),
    project_id: PROJECT_ID,
    event_name: 'invoice.paid',
    event_key: 'inv_123',
    payload: { format: 'json', body: '{"amount":1}' },
    created_at: START,
    expires_at: eventExpiresAt(START, KEEP_MS),
    ...change,
  };
}

/** Works the wake-up queue off, in any order that `pick` likes; the token of a killed dispatcher comes again. */
export async function dispatchAll(world: MemoryWorld, pick: (tokens: number) => number = () => 0): Promise<void> {
  for (let rounds = 0; world.dispatched.length > 0; rounds += 1) {
    if (rounds > 2_000) throw new Error('the queue never runs empty');
    const [token] = world.dispatched.splice(pick(world.dispatched.length), 1) as [FanOutToken];
    world.now += 1_000;
    try {
      await fanOut(world.ports, token);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      world.dispatched.push(token);
    }
  }
}
