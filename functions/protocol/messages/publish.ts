import type { PublishedEvent } from '../../subjects/events/event.js';
import type { RunPorts } from '../rules/ports.js';
import type { FanOutToken } from '../rules/token.js';

/**
 * Publishes an event: the token first, then the event, then the caller answers. In the other order, a process that dies
 * in between leaves an event without a fan-out. A repeat with the same event changes nothing.
 */
export async function publish(
  ports: Pick<RunPorts, 'clock' | 'events' | 'wakeUps'>,
  event: PublishedEvent,
): Promise<void> {
  await ports.wakeUps.sendToDispatcher(fanOutToken(event, '', ports.clock.now()));
  await ports.events.create(event);
}

export function fanOutToken({ id, project_id }: PublishedEvent, cursor: string, now: number): FanOutToken {
  return { kind: 'fanout', project: project_id, event: id, cursor, sent_at: now, hop: 0 };
}
