import type * as z from 'zod';
import { invalid } from '../../primitives/faults.js';
import { isoTime, timeOrNull } from '../../primitives/moments.js';
import { rememberConfig } from '../../protocol/rules/config-reads.js';
import { createPastRuns } from '../../protocol/sweep/past-runs.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import { runIdOf, runOfOccurrence } from '../../subjects/schedules/fire-plan.js';
import { occurrencesAfter, type Schedule, type ScheduleClock } from '../../subjects/schedules/schedule.js';
import type { backfillAnswerSchema } from '../../subjects/schedules/schedule-answers.js';
import type { BackfillBody } from '../../subjects/schedules/schedule-schema.js';
import type { RouteRequest } from '../http/route.js';
import { takeRun } from '../http/take-quota.js';
import { type FoundSchedule, ownerOf } from './find.js';
import { policyToRun } from './schedule-requests.js';

/** Occurrences that one request looks at. */
const MOST = 100;

/**
 * Makes the runs of a schedule's past occurrences that have none, under the ids that the schedule itself would give
 * them: an occurrence has one run, whether the schedule, this request or another one makes it.
 * @throws InvalidRequestError for a time before which runs are not kept
 * @throws ConflictError if the schedule's endpoint is gone
 * @throws RateQuotaError
 * @throws BusyQuotaError
 */
export async function backfillSchedule(
  request: RouteRequest<BackfillBody>,
  given: ApiPorts,
  { schedule, clock }: FoundSchedule,
): Promise<z.infer<typeof backfillAnswerSchema>> {
  const { body, now } = request;
  const ports = { ...given, config: rememberConfig(given.config) };
  const { keepMs } = ports;
  assertKept(body.from, now - keepMs);
  const found = pastOccurrences(schedule, clock, body.from, Math.min(body.to ?? now, now));
  const occurrences = found.slice(0, MOST);
  const missed = await withoutRun(ports, schedule, clock, occurrences);
  if (!body.dry_run && missed.length > 0) {
    const policy = await policyToRun(ports, schedule);
    const project = ownerOf(request, schedule);
    await takeRun(ports, project, schedule.payload, missed.length);
    const runs = missed.map((occurrence) => {
      const { overlap: _each, ...run } = runOfOccurrence(schedule, occurrence, clock.shard, policy, keepMs, now);
      // `manual`: the run is wanted also while the schedule is paused, and after a change of it.
      const made = { source: { type: 'manual', id: schedule.id }, created_at: now } as const;
      return { ...run, ...made, ...(request.via && { via: request.via }) };
    });
    await createPastRuns(ports, project.id, runs, `${schedule.id} ${now}`);
  }
  const { dry_run } = body;
  return { occurrences: occurrences.length, missed: missed.length, dry_run, next_from: timeOrNull(found[MOST]) };
}

/** @throws InvalidRequestError */
function assertKept(from: number, since: number): void {
  if (from >= since) return;
  const message = `Runs before ${isoTime(since)} are not kept, so that an occurrence without one may have had one.`;
  throw invalid('/from', message);
}

/** One more than are looked at. The occurrences from the clock's position on get their runs from the schedule. */
function pastOccurrences(schedule: Schedule, { status, next_at }: ScheduleClock, from: number, to: number): number[] {
  const position = status === 'active' ? (next_at ?? Infinity) : Infinity;
  return occurrencesAfter(schedule, from - 1, MOST + 1).filter((at) => at <= to && at < position);
}

async function withoutRun(
  { runLists }: Pick<ApiPorts, 'runLists'>,
  schedule: Schedule,
  { shard }: ScheduleClock,
  occurrences: readonly number[],
): Promise<number[]> {
  const idOf = (occurrence: number) => runIdOf(schedule, occurrence, shard);
  const there = new Set((await runLists.byIds(schedule.project_id, occurrences.map(idOf))).map(({ id }) => id));
  return occurrences.filter((occurrence) => !there.has(idOf(occurrence)));
}
