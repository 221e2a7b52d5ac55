import { type Endpoint, type EndpointKey, letsGo } from '../../subjects/endpoints/endpoint.js';
import type { RunPorts } from '../rules/ports.js';
import { sendRelease } from './held-runs.js';

export interface EndpointStore {
  /** Reads, changes and writes until the write holds. Answers the stored endpoint; undefined without one. */
  changeEndpoint(project: string, id: string, change: (current: Endpoint) => Endpoint): Promise<Endpoint | undefined>;
  deleteEndpoint(project: string, id: string): Promise<boolean>;
}

interface ChangePorts extends Pick<RunPorts, 'wakeUps' | 'clock'> {
  readonly configStore: EndpointStore;
}

/**
 * Changes an endpoint. A change that releases held runs sends the release token first, and raises the `rev` for which
 * the token waits. If only the write's own read shows the need, the write is repeated after the send.
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

/** Deletes an endpoint; the runs that it holds become dead letters. */
export async function deleteEndpoint(
  ports: Pick<ChangePorts, 'clock' | 'configStore' | 'wakeUps'>,
  endpoint: Endpoint,
): Promise<void> {
  await sendRelease(ports, endpoint, (endpoint.rev ?? 0) + 1);
  await ports.configStore.deleteEndpoint(endpoint.project_id, endpoint.id);
}
