import type { Destination } from '../../destinations/registry.js';
import { pickBy } from '../../primitives/ids.js';
import { type Endpoint, type Lane, laneFor } from '../../subjects/endpoints/endpoint.js';
import type { RunDefinition } from '../../subjects/task-runs/task-run.js';
import type { RunPorts } from '../rules/ports.js';
import type { DeliverToken, LaneToken, SettleToken } from '../rules/token.js';

const NOTIFICATION_TIMEOUT_MS = 10_000;

/**
 * Message groups of a project: its endpoints are spread over them. SQS shares a lane among groups, so more endpoints must
 * not be more groups. With half of a lane, each of four groups has more than the tenth from which SQS sees it as noisy.
 */
const GROUPS = 4;

/** The message group of a run: of its project, and of its endpoint within the project. */
export function laneGroup({ project_id, endpoint_id }: Pick<RunDefinition, 'project_id' | 'endpoint_id'>): string {
  return endpoint_id === undefined ? project_id : `${project_id}#${pickBy(endpoint_id, GROUPS)}`;
}

export function deliverToken(run: RunDefinition, attempt: number, due: number, now: number): DeliverToken {
  return { kind: 'deliver', ...tokenBase(run, now), attempt, due };
}

/** The token that checks the effects of a retry job that was given up. */
export function settleToken(run: RunDefinition, attempt: number, now: number): SettleToken {
  return { kind: 'settle', ...tokenBase(run, now), attempt };
}

function tokenBase(run: RunDefinition, now: number) {
  return { project: run.project_id, run: run.id, group: laneGroup(run), sent_at: now, hop: 0 };
}

/** Where a run goes now: its endpoint as it is now, or its inline target. */
export async function destinationOf(
  ports: Pick<RunPorts, 'config'>,
  run: RunDefinition,
): Promise<Destination | Endpoint | undefined> {
  if (run.target) return run.target;
  if (run.endpoint_id === undefined) return undefined; // a lost run: its destination is lost, too
  const endpoint = await ports.config.endpoint(run.project_id, run.endpoint_id);
  return endpoint && destinationFor(run, endpoint);
}

/** Job notifications have a timeout and a retry policy of their own, whatever their endpoint has for other runs. */
export function destinationFor({ body_format }: Pick<RunDefinition, 'body_format'>, endpoint: Endpoint): Endpoint {
  if (body_format !== 'notification') return endpoint;
  const { retry_policy_id: _own, ...rest } = endpoint;
  return { ...rest, timeout_ms: NOTIFICATION_TIMEOUT_MS };
}

/**
 * Sends a token of `run` to the lane for its destination's timeout. The deliverer passes on a token in the wrong lane,
 * so a change of the endpoint meanwhile does no harm.
 */
export async function sendToRunsLane(
  ports: Pick<RunPorts, 'config' | 'wakeUps'>,
  run: RunDefinition,
  token: LaneToken,
  due: number,
): Promise<void> {
  await ports.wakeUps.sendToLane(laneOf(await destinationOf(ports, run)), token, due);
}

/** Without a destination either lane will do: the run becomes a dead letter. */
export function laneOf(destination: Destination | undefined): Lane {
  return destination ? laneFor(destination) : 'fast';
}
