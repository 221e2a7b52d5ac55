import { patchedDestination } from '../../destinations/destination-schema.js';
import { type Destination, kindOf } from '../../destinations/registry.js';
import { assertNoneHidden, decrypted, encrypted } from '../../destinations/secret-values.js';
import { defined } from '../../primitives/defined.js';
import { assertNone, ConflictError } from '../../primitives/faults.js';
import { rememberConfig } from '../../protocol/rules/config-reads.js';
import { policyOfSender } from '../../protocol/rules/policy-for.js';
import { createRun } from '../../protocol/runs/run-operations.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import { totalDelayMs } from '../../subjects/retry-policies/retry-policy.js';
import { isFinal, type RunDefinition, type RunSource, targetHolder } from '../../subjects/task-runs/task-run.js';
import type { ResendBody } from '../../subjects/task-runs/task-run-schema.js';
import type { RouteRequest } from '../http/route.js';
import { takeRun } from '../http/take-quota.js';
import { newRunId } from './create-task.js';
import { type FoundTask, ownerOf } from './find.js';

/**
 * Makes a task run with the content of an ended one, except for what the body changes.
 * @throws ConflictError if the run has not ended, or what it sent is not stored any more
 * @throws InvalidRequestError naming every field at fault
 * @throws RateQuotaError
 * @throws BusyQuotaError
 */
export async function resendTask(
  request: RouteRequest<ResendBody>,
  given: ApiPorts,
  { definition: ended, state }: FoundTask,
): Promise<RunDefinition> {
  const { body, now } = request;
  const ports = { ...given, config: rememberConfig(given.config) };
  const project = ownerOf(request, ended);
  if (!isFinal(state.status))
    throw new ConflictError(
      `The task run is ${state.status}, and only an ended one can be sent again. Cancel it first, or wait for its end.`,
    );
  assertContent(ended, body);
  await assertDestination(ports, ended, body);
  const wanted = {
    ...keptOf(ended, body),
    id: newRunId(request, project),
    resent_from: ended.id,
    ...defined({ trace: request.trace, via: request.via }),
    due: now,
    created_at: now,
    expires_at: now,
  };
  const target = wanted.target && (await targetFor(ports, wanted, ended, body));
  const waits = totalDelayMs(await policyOfSender(ports.config, wanted));
  const run = { ...wanted, ...(target && { target }), expires_at: now + waits + ports.keepMs };
  await takeRun(ports, project, run.payload);
  await createRun(ports, run);
  return run;
}

/** What the new run takes over. It gets a payload of its own, whether the ended run had one or shared its event's. */
function keptOf(ended: RunDefinition, { payload, endpoint_id }: ResendBody): RunDefinition {
  const {
    payload_id: _shared,
    trace: _trace,
    via: _via,
    occurrence: _occurrence,
    schedule_version: _version,
    redacted_at: _redacted,
    target,
    ...kept
  } = ended;
  return {
    ...kept,
    source: sourceOf(ended),
    ...(endpoint_id !== undefined ? { endpoint_id } : target && { target }),
    ...(payload && { payload }),
  };
}

/** Only what a schedule makes by itself has an occurrence, and is dropped when the schedule changes. */
function sourceOf({ source }: RunDefinition): RunSource {
  return source.type === 'schedule' ? { ...source, type: 'manual' } : source;
}

/** @throws ConflictError if the content was removed, and the body does not give what is missing */
function assertContent({ redacted_at, target }: RunDefinition, { payload, endpoint_id, headers }: ResendBody): void {
  if (redacted_at === undefined) return;
  if (payload === undefined)
    throw new ConflictError('The content of this task run was removed. Give the payload that is to be sent.');
  if (target && 'headers' in target && endpoint_id === undefined && headers === undefined)
    throw new ConflictError('The headers of this task run were removed. Give the headers that are to be sent.');
}

/** @throws ConflictError without a destination; InvalidRequestError for a change that does not fit the run */
async function assertDestination(
  { config }: Pick<ApiPorts, 'config'>,
  { project_id, endpoint_id: before, target, payload: sent, body_format }: RunDefinition,
  { payload, endpoint_id: changed, headers }: ResendBody,
): Promise<void> {
  const endpoint_id = changed ?? before;
  const endpoint = endpoint_id === undefined ? undefined : await config.endpoint(project_id, endpoint_id);
  const isThere = endpoint !== undefined;
  const isInline = changed === undefined && target !== undefined;
  const destination = isInline ? target : endpoint;
  const unsendable = destination && kindOf(destination).payloadFault?.(payload ?? sent);
  assertNone([
    unsendable !== undefined && { pointer: '/payload', message: unsendable },
    changed !== undefined && !isThere && { pointer: '/endpoint_id', message: 'There is no such endpoint.' },
    headers !== undefined &&
      !isInline && { pointer: '/headers', message: 'Only an inline target has its own headers.' },
    body_format === 'dispatch' &&
      payload?.format === 'text' && {
        pointer: '/payload',
        message: 'The payload of this job must be JSON, and no string.',
      },
  ]);
  if (!isThere && !isInline) throw new ConflictError('The destination of this task run is gone. Give an endpoint_id.');
}

/** The ended run's inline target, encrypted for the new run. */
async function targetFor(
  { secrets }: Pick<ApiPorts, 'secrets'>,
  run: Pick<RunDefinition, 'id' | 'source'>,
  ended: RunDefinition,
  { headers }: ResendBody,
): Promise<Destination> {
  const before = await decrypted(ended.target!, secrets.decrypt, targetHolder(ended));
  const target = headers ? assertNoneHidden(patchedDestination(before, { headers }, '')) : before;
  return encrypted(target, secrets, targetHolder(run));
}
