import { type Endpoint, type EndpointKey, letsGo } from '../../subjects/endpoints/endpoint.js';
import type { RunPorts } from '../rules/ports.js';
import { sendRelease } from './held-runs.js';

export interface EndpointStore {
  /** Reads, changes and writes until nobody came in between; answers what stands, undefined when there is none. */
  changeEndpoint(project: string, id: string, change: (current: Endpoint) => Endpoint): Promise<Endpoint | undefined>;
  deleteEndpoint(project: string, id: string): Promise<boolean>;
}

interface ChangePorts extends Pick<RunPorts, 'wakeUps' | 'clock'> {
  readonly configStore: EndpointStore;
}

/**
 * Changes an endpoint. A change that lets held runs go sends the message that does so first, and raises the number that
 * the message waits for; should the endpoint turn out to need one only at the write, the write waits for it.
 */
export async function changeEndpoint(
  ports: Pick<ChangePorts, 'clock' | 'configStore' | 'wakeUps'>,
  { project, endpoint }: EndpointKey,
  change: (current: Endpoint) => Endpoint,
): Promise<Endpoint | undefined> {
  for (let sent = 0; ; ) {
    let needed = 0;
    let seen: Endpoint | undefined;
    const stands = await ports.configStore.changeEndpoint(project, endpoint, (current) => {
      const next = change(current);
      seen = current;
      needed = letsGo(current, next) ? (current.rev ?? 0) + 1 : 0;
      if (needed > sent) return current;
      return needed > 0 ? { ...next, rev: needed } : next;
    });
    if (seen === undefined || needed <= sent) return stands;
    await sendRelease(ports, seen, needed);
    sent = needed;
  }
}

/** Deletes an endpoint; what it may hold becomes dead letters. */
export async function deleteEndpoint(
  ports: Pick<ChangePorts, 'clock' | 'configStore' | 'wakeUps'>,
  endpoint: Endpoint,
): Promise<void> {
  await sendRelease(ports, endpoint, (endpoint.rev ?? 0) + 1);
  await ports.configStore.deleteEndpoint(endpoint.project_id, endpoint.id);
}
