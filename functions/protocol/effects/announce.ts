import { createHash } from 'node:crypto';
import { isTimeoutCode } from '../../destinations/outcome.js';
import { filtersMatching, type NotificationName } from '../../fields/event-names.js';
import { defined } from '../../primitives/defined.js';
import { makeId, shardOf } from '../../primitives/ids.js';
import { nextVia } from '../../primitives/loops.js';
import { isoTime } from '../../primitives/moments.js';
import type { Endpoint } from '../../subjects/endpoints/endpoint.js';
import { eventExpiresAt, type PublishedEvent } from '../../subjects/events/event.js';
import { DEFAULT_RETRY_POLICY, totalDelayMs } from '../../subjects/retry-policies/retry-policy.js';
import type { RunDefinition, RunState } from '../../subjects/task-runs/task-run.js';
import { publish } from '../messages/publish.js';
import type { RunPorts } from '../rules/ports.js';
import { jobFacts, jobOf } from './job-facts.js';
import { lastAttemptOf } from './last-attempt.js';

/**
 * Publishes what became of a run: it succeeded, no attempt remains, or an attempt timed out. This is one of the effects
 * of a recorded outcome, so it may be repeated: each notification's id follows from the run and the epoch (or attempt)
 * that it is about. Without a listener it costs one cached read.
 */
export async function announceOutcome(ports: RunPorts, run: RunDefinition, state: RunState): Promise<void> {
  if (run.source.type === 'notification' || run.source.type === 'test') return;
  for (const name of announcedBy(state)) {
    if (!(await ports.listeners.mayBeAny(run.project_id, filtersMatching(name)))) continue;
    const attempt = await lastAttemptOf(ports, run, state);
    const isOfAttempt = name === 'job.timed_out' && attempt !== undefined;
    const at = (isOfAttempt ? attempt.finished_at : state.finished_at) ?? ports.clock.now();
    await announce(ports, {
      name,
      project: run.project_id,
      key: `${run.id} ${isOfAttempt ? attempt.attempt : state.epoch}`,
      shard: shardOf(run.id),
      job: jobOf(run),
      at,
      data: await jobFacts(ports, name, run, state, attempt),
      ...(run.via && { via: nextVia(run.via, run.id) }),
      // The state outlives all effects of its last claim; the notification's own retries come on top.
      expires_at: state.expires_at + totalDelayMs(DEFAULT_RETRY_POLICY),
    });
  }
}

/**
 * Publishes that the endpoint was disabled, to all listeners except the endpoint itself. To be called after the change
 * is recorded, and again by a worker that finds it recorded.
 * @param disabled why; since when it has failed, and when it was disabled (Unix milliseconds, as recorded)
 */
export async function announceDisabled(
  ports: Pick<RunPorts, 'clock' | 'config' | 'events' | 'keepMs' | 'listeners' | 'wakeUps'>,
  endpoint: Endpoint,
  disabled: { readonly reason: string; readonly since: number; readonly at: number },
): Promise<void> {
  const name = 'endpoint.disabled';
  const { id, project_id } = endpoint;
  if (!(await ports.listeners.mayBeAny(project_id, filtersMatching(name)))) return;
  const { reason, since, at } = disabled;
  await announce(ports, {
    name,
    project: project_id,
    key: `${id} ${at}`,
    shard: 0,
    job: id,
    at,
    data: { endpoint_id: id, name: endpoint.name, reason, since: isoTime(since) },
    expires_at: eventExpiresAt(at, ports.keepMs),
    about: id,
  });
}

function announcedBy({ status, last_error }: RunState): NotificationName[] {
  return [
    ...(last_error && isTimeoutCode(last_error.code) ? (['job.timed_out'] as const) : []),
    ...(status === 'success' ? (['job.completed'] as const) : []),
    ...(status === 'dead_letter' ? (['job.failed'] as const) : []),
  ];
}

interface Notification extends Pick<PublishedEvent, 'expires_at' | 'about' | 'via'> {
  readonly name: NotificationName;
  readonly project: string;
  /** The subject: one notification for each name and key. */
  readonly key: string;
  readonly shard: number;
  readonly job: string;
  readonly at: number;
  readonly data: Readonly<Record<string, unknown>>;
}

async function announce(
  ports: Pick<RunPorts, 'clock' | 'config' | 'events' | 'wakeUps'>,
  notification: Notification,
): Promise<void> {
  const { name, project, key, shard, job, at, data, expires_at, about, via } = notification;
  const environment = (await ports.config.project(project))?.environment ?? 'production';
  const body = JSON.stringify({ event: name, timestamp: isoTime(at), job_id: job, environment, data });
  await publish(ports, {
    id: makeId('ntf', at, createHash('sha256').update(`${name} ${key}`).digest(), shard),
    project_id: project,
    event_name: name,
    payload: { format: 'json', body },
    body_format: 'notification',
    ...defined({ about, via }),
    created_at: at,
    expires_at,
  });
}
