import { unknownFields } from '../../fields/unknown-fields.js';
import { defined } from '../../primitives/defined.js';
import { ConflictError } from '../../primitives/faults.js';
import { pickBy } from '../../primitives/ids.js';
import { rememberConfig } from '../../protocol/rules/config-reads.js';
import { policyOfSender } from '../../protocol/rules/policy-for.js';
import { createRun } from '../../protocol/runs/run-operations.js';
import { executingRun } from '../../protocol/schedules/overlap.js';
import { changeSchedule, createSchedule, hasDestination } from '../../protocol/schedules/schedule-chain.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import { type RetryPolicy, totalDelayMs } from '../../subjects/retry-policies/retry-policy.js';
import { scheduledRun } from '../../subjects/schedules/fire-plan.js';
import { planSchedule, type ScheduleTerms } from '../../subjects/schedules/plan-schedule.js';
import type { Schedule } from '../../subjects/schedules/schedule.js';
import { SCHEDULE_FIELDS, type ScheduleBody } from '../../subjects/schedules/schedule-schema.js';
import type { RunDefinition } from '../../subjects/task-runs/task-run.js';
import type { RouteRequest } from '../http/route.js';
import { takeRun } from '../http/take-quota.js';
import { newRunId } from './create-task.js';
import { withEncryptedTarget } from './encrypted-target.js';
import { type FoundSchedule, findSchedule, ownerOf } from './find.js';
import { assertRoom } from './quotas.js';
import { assertReachable } from './reachable.js';

/** Most tries of a change that loses against concurrent changes of the same schedule. */
const TRIES = 5;

type Request = RouteRequest;

/** The wanted form of a schedule, from `POST /v1/schedules` or a dialect. */
export interface WantedSchedule {
  readonly body: ScheduleBody;
  readonly terms?: ScheduleTerms;
  /** By which a new schedule can be put. */
  readonly key?: string;
  /** The change asks for an active schedule. */
  readonly activates?: boolean;
}

/**
 * Creates a schedule with this id.
 * @throws InvalidRequestError naming every field at fault
 * @throws CountQuotaError
 */
export async function makeSchedule(
  request: Request,
  ports: Pick<ApiPorts, 'clock' | 'config' | 'schedules' | 'secrets' | 'settings' | 'usage' | 'wakeUps'>,
  id: string,
  wanted: WantedSchedule,
): Promise<void> {
  const { now } = request;
  const owner = request.project();
  const { id: project, shards } = owner;
  assertReachable(ports, owner, wanted.body.target, '/target');
  const asked = { ...wanted, id, project, starts: true, created_at: now, version: 1, now };
  const planned = await withEncryptedTarget(ports, await planSchedule(ports.config, asked));
  const schedule = { ...planned, ...defined({ via: request.via, key: wanted.key }) };
  const isThere = async () => (await ports.schedules.find({ project, schedule: id })).schedule !== undefined;
  await assertRoom(ports, owner, 'schedules', isThere);
  await createSchedule(ports, schedule, wanted.body.status, pickBy(id, shards));
}

/**
 * Changes a schedule to the result of `want`, which is called again after each concurrent change.
 * @throws InvalidRequestError naming every field at fault
 */
export async function alterSchedule(
  request: Request,
  ports: ApiPorts,
  given: string,
  want: (found: FoundSchedule) => WantedSchedule | Promise<WantedSchedule>,
): Promise<Schedule> {
  for (let tries = 1; ; tries += 1) {
    const found = await findSchedule(request, ports, given);
    const wanted = await want(found);
    const { schedule: before, clock } = found;
    const { id, project_id: project, created_at, version: seen } = before;
    const { now } = request;
    if (wanted.body.target !== before.target)
      assertReachable(ports, ownerOf(request, before), wanted.body.target, '/target');
    const starts = wanted.activates === true && clock.status !== 'active';
    const asked = { ...wanted, id, project, before, clock, starts, created_at, version: seen + 1, now };
    const planned = await withEncryptedTarget(ports, await planSchedule(ports.config, asked));
    const changed = {
      ...unknownFields(before, SCHEDULE_FIELDS),
      ...defined({ via: before.via, key: before.key }),
      ...planned,
    };
    try {
      await changeSchedule(ports, changed, found, wanted.body.status);
      return changed;
    } catch (error) {
      if (!(error instanceof ConflictError) || tries === TRIES) throw error;
    }
  }
}

/** Makes a run of the schedule now. @throws ConflictError if its overlap policy skips it or its endpoint is gone */
export async function runScheduleNow(request: Request, ports: ApiPorts, schedule: Schedule): Promise<RunDefinition> {
  const project = ownerOf(request, schedule);
  const page = { ...ports, config: rememberConfig(ports.config) };
  const policy = await policyToRun(page, schedule);
  const definition = {
    ...scheduledRun(schedule, policy),
    ...defined({ via: request.via }),
    id: newRunId(request, project),
    source: { type: 'manual', id: schedule.id },
    due: request.now,
    created_at: request.now,
    expires_at: request.now + totalDelayMs(policy) + ports.keepMs,
  } as const;
  if (schedule.overlap_policy === 'skip') await assertIdle(ports, definition);
  await takeRun(ports, project, definition.payload);
  await createRun(page, definition);
  return definition;
}

/** The retry policy of a run that the schedule makes now. @throws ConflictError if its endpoint is gone */
export async function policyToRun(ports: Pick<ApiPorts, 'config'>, schedule: Schedule): Promise<RetryPolicy> {
  if (!(await hasDestination(ports, schedule)))
    throw new ConflictError('The endpoint of this schedule was deleted. Give the schedule another one first.');
  return policyOfSender(ports.config, schedule);
}

/**
 * Refuses a run that the overlap policy would skip. A repeat that has created its run already passes.
 * @throws ConflictError
 */
async function assertIdle(
  ports: Pick<ApiPorts, 'clock' | 'runs' | 'schedules'>,
  { id, project_id: project, source }: RunDefinition,
): Promise<void> {
  const holder = await executingRun(ports, { project, schedule: source.id! });
  if (holder === undefined || holder === id) return;
  if ((await ports.runs.find({ project, run: id })).definition !== undefined) return;
  throw new ConflictError(`${holder} of this schedule is executing, and its overlap policy is skip.`);
}
