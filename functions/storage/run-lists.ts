import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { hasLabels } from '../fields/labels-schema.js';
import type { Clock } from '../primitives/clock.js';
import { firstId } from '../primitives/ids.js';
import {
  backTo,
  mergeNewest,
  mergeOldest,
  rowsOnly,
  takePage,
  type Walk,
  withoutRepeats,
} from '../primitives/newest-first.js';
import { earlierRunId } from '../subjects/events/event-runs.js';
import type { Project } from '../subjects/projects/project.js';
import { type Attempt, isOfSchedule, type RunStatus } from '../subjects/task-runs/task-run.js';
import type { ListedRun, RunFilter, RunLists } from '../subjects/task-runs/task-run-lists.js';
import {
  attemptsOfRun,
  endpointAttempts,
  findAttempt,
  firstAttempts,
  laterAttempts,
  listedAttempts,
  oldestAttempts,
} from './attempt-walks.js';
import { batchGet } from './batch-get.js';
import {
  attemptPartition,
  endedIndex,
  endpointIndex,
  formatIndex,
  type RunsTable,
  runKey,
  runPartition,
  scheduleIndex,
  stateKey,
  waitingIndex,
} from './keys.js';
import { perShard, type Start, shardsOf } from './newest-items.js';
import { type Item, stateOf } from './run-items.js';
import {
  idOf,
  indexedRuns,
  labelledRuns,
  listedRuns,
  oldestRuns,
  runsAt,
  runsOfEvent,
  runsOfIds,
} from './run-walks.js';

type Projects = readonly Project[];

/** Indexes are eventually consistent: each run that they name is read from the table (strongly) and filtered again. */
export function createRunLists(client: DynamoDBDocumentClient, table: string, clock: Clock): RunLists {
  const runs: RunsTable = { client, table, clock };
  return {
    runs(projects, filter, before, limit) {
      const {
        status,
        endpoint_id,
        schedule_id,
        event_id,
        event_key,
        label,
        body_format,
        since = 0,
        until,
        open_since = 0,
      } = filter;
      const start = until === undefined ? before : earlierRunId(before, firstId('run', until + 1));
      const walks = runWalks(runs, projects, filter, { before: start, size: limit });
      const walk = backTo(withoutRepeats(mergeNewest(walks)), since);
      const belongs = ({ definition, state }: ListedRun) =>
        (status ?? state.status) === state.status &&
        (state.finished_at ?? Infinity) >= open_since &&
        (endpoint_id ?? definition.endpoint_id) === definition.endpoint_id &&
        hasLabels(definition.labels, label) &&
        (event_key ?? definition.event?.key) === definition.event?.key &&
        (body_format ?? definition.body_format) === definition.body_format &&
        (event_id === undefined || (definition.event !== undefined && definition.source.id === event_id)) &&
        (schedule_id === undefined || (isOfSchedule(definition) && definition.source.id === schedule_id));
      return takePage(rowsOnly(walk, belongs), limit);
    },

    attempts(projects, { status, endpoint_id, task_id }, before, limit) {
      const walks = task_id
        ? projects.map(({ id }) => attemptsOfRun(runs, id, task_id, before))
        : attemptWalks(runs, projects, endpoint_id, { before, size: limit });
      const belongs = (attempt: Attempt) =>
        (status ?? attempt.status) === attempt.status && (endpoint_id ?? attempt.endpoint_id) === attempt.endpoint_id;
      return takePage(rowsOnly(mergeNewest(walks), belongs), limit);
    },

    laterAttempts: (projects, before, limit) => {
      const start = { before, size: limit };
      const walks = perShard(projects, (project, n) => laterAttempts(runs, attemptPartition(project, n), start));
      return takePage(mergeNewest(walks), limit);
    },

    async byIds(project, ids) {
      const steps = await runsAt(
        runs,
        ids.map((id) => runKey(project, id)),
      );
      return steps.flatMap(({ row }) => row ?? []);
    },

    changes(project, after, until, isNew, limit) {
      const onward = { after, until, size: limit };
      const walks: Walk<ListedRun | Attempt>[] = shardsOf([project]).flatMap((n) => [
        oldestRuns(runs, runPartition(project.id, n), onward),
        oldestAttempts(runs, attemptPartition(project.id, n), onward),
      ]);
      return takePage(
        rowsOnly(mergeOldest(walks), ({ id }) => isNew(id)),
        limit,
      );
    },

    async versions(project, ids) {
      const keys = ids.map((id) => stateKey(project, id));
      const states = await batchGet<Item>(runs, keys, { consistent: false });
      return new Map(states.map((item) => [idOf(item), stateOf(item).version]));
    },

    attempt: (project, id) => findAttempt(runs, project, id),
  };
}

/** Walks that together hold all runs of the filter, and others. */
function runWalks(runs: RunsTable, projects: Projects, filter: RunFilter, start: Start): Walk<ListedRun>[] {
  const { ids: named, endpoint_id, schedule_id, event_id, label, body_format } = filter;
  const ids = new Set(projects.map(({ id }) => id));
  const indexed = (index: 'g2' | 'g3', value: string) => indexedRuns(runs, { index, value }, ids, start);
  if (named) return projects.map(({ id }) => runsOfIds(runs, id, named, start));
  if (event_id) return projects.map(({ id }) => runsOfEvent(runs, id, event_id, start));
  const [first] = label ?? [];
  if (first !== undefined) return perShard(projects, (project, n) => labelledRuns(runs, project, n, first, start));
  if (schedule_id) return shardsOf(projects).map((n) => indexed('g3', scheduleIndex(schedule_id, n)));
  if (body_format) return perShard(projects, (project, n) => indexed('g3', formatIndex(project, body_format, n)));
  const statusIndex = statusIndexOf(filter.status);
  if (statusIndex) return perShard(projects, (project, n) => indexed('g2', statusIndex(project, n)));
  if (endpoint_id) return endpointWalks(runs, projects, endpoint_id, start);
  return perShard(projects, (project, n) => listedRuns(runs, runPartition(project, n), start));
}

function endpointWalks(runs: RunsTable, projects: Projects, endpoint: string, start: Start): Walk<ListedRun>[] {
  const ids = new Set(projects.map(({ id }) => id));
  return shardsOf(projects).map((n) =>
    indexedRuns(runs, { index: 'g1', value: endpointIndex(endpoint, n) }, ids, start),
  );
}

function attemptWalks(
  runs: RunsTable,
  projects: Projects,
  endpoint_id: string | undefined,
  start: Start,
): Walk<Attempt>[] {
  const later = endpoint_id
    ? shardsOf(projects).map((n) =>
        endpointAttempts(runs, endpointIndex(endpoint_id, n), new Set(projects.map(({ id }) => id)), start),
      )
    : perShard(projects, (project, n) => listedAttempts(runs, attemptPartition(project, n), start));
  const begun = endpoint_id
    ? endpointWalks(runs, projects, endpoint_id, start)
    : perShard(projects, (project, n) => listedRuns(runs, runPartition(project, n), start));
  return [...begun.map(firstAttempts), ...later];
}

function statusIndexOf(status: RunStatus | undefined): ((project: string, n: number) => string) | undefined {
  if (status === 'retry_scheduled') return waitingIndex;
  return status === 'dead_letter' || status === 'cancelled' || status === 'skipped' ? endedIndex : undefined;
}
