import { mapBounded } from '../../primitives/map-bounded.js';
import { PayloadGoneError } from '../../protocol/runs/lost-run.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import { presentWholeDeadLetter } from '../../subjects/dead-letters/present-dead-letter.js';
import { presentEndpoint } from '../../subjects/endpoints/present-endpoint.js';
import { payloadOf } from '../../subjects/events/event.js';
import { presentWholeEvent } from '../../subjects/events/present-event.js';
import type { ExportType } from '../../subjects/projects/export-types.js';
import { presentProject } from '../../subjects/projects/present-project.js';
import type { Project } from '../../subjects/projects/project.js';
import { presentWholeSchedule } from '../../subjects/schedules/present-schedule.js';
import { presentAttempt, presentWholeRun } from '../../subjects/task-runs/present-task-run.js';
import type { ListedRun } from '../../subjects/task-runs/task-run-lists.js';
import { whichAreDeleted } from '../requests/find.js';
import { presentKey } from './keys.js';
import { presentPolicy } from './retry-policies.js';

/** Objects that are read at the same time: each may have a large payload. */
const AT_ONCE = 10;

/** Some objects of a section, newest first, each with its id. `end`: more may follow before this id. */
export interface ExportPage {
  readonly objects: readonly (readonly [id: string, data: object])[];
  readonly end?: string | undefined;
}

type Read = (ports: ApiPorts, project: Project, before: string | undefined, limit: number) => Promise<ExportPage>;

/** All that an export has, in its order. An object is shown as the API shows it alone. */
export const EXPORT_SECTIONS: Readonly<Record<ExportType, Read>> = {
  project: async (_ports, project) => ({ objects: [[project.id, presentProject(project)]] }),
  api_key: whole(({ configStore }, { id }, before, limit) => configStore.keys(id, before, limit), presentKey),
  retry_policy: whole(
    ({ configStore }, { id }, before, limit) => configStore.retryPolicies(id, before, limit),
    presentPolicy,
  ),
  endpoint: whole(
    ({ configStore }, { id }, before, limit) => configStore.endpoints(id, before, limit),
    presentEndpoint,
  ),
  async schedule({ runLists, schedules }, project, before, limit) {
    const found = await schedules.schedules(project.id, before, limit);
    const shown = await mapBounded(found, AT_ONCE, async ({ id }) => {
      const { schedule, clock } = await schedules.find({ project: project.id, schedule: id });
      if (schedule === undefined || clock === undefined || clock.status === 'deleted') return [];
      const { rows } = await runLists.runs([project], { schedule_id: id }, undefined, 1);
      return [[id, presentWholeSchedule(schedule, clock, rows[0])] as const];
    });
    return { objects: shown.flat(), end: found.length < limit ? undefined : found.at(-1)?.id };
  },
  async event({ eventLists, events }, project, before, limit) {
    const { rows, end } = await eventLists.events([project], {}, before, limit);
    const objects = await mapBounded(rows, AT_ONCE, async (stored) => {
      const payload = await payloadOf(events, stored);
      const event = { ...stored.event, ...(payload && { payload }) };
      return [stored.event.id, presentWholeEvent({ ...stored, event })] as const;
    });
    return { objects, end };
  },
  async task_run(ports, project, before, limit) {
    const { rows, end } = await ports.runLists.runs([project], {}, before, limit);
    const objects = await mapBounded(rows, AT_ONCE, async (row) => {
      const run = await withPayload(ports, row);
      return [row.id, presentWholeRun(run)] as const;
    });
    return { objects, end };
  },
  async delivery_attempt({ runLists }, project, before, limit) {
    const { rows, end } = await runLists.attempts([project], {}, before, limit);
    return { objects: rows.map((attempt) => [attempt.id, presentAttempt(attempt)] as const), end };
  },
  async dead_letter(ports, project, before, limit) {
    const { rows, end } = await ports.deadLetterLists.list([project], {}, before, limit);
    const isDeleted = await whichAreDeleted(rows, ports);
    return { objects: rows.map((row) => [row.id, presentWholeDeadLetter(row, isDeleted(row))] as const), end };
  },
};

/** A list that answers fewer objects than the limit at its end alone. */
function whole<Row extends { readonly id: string }>(
  list: (ports: ApiPorts, project: Project, before: string | undefined, limit: number) => Promise<Row[]>,
  present: (row: Row) => object,
): Read {
  return async (ports, project, before, limit) => {
    const rows = await list(ports, project, before, limit);
    const objects = rows.map((row) => [row.id, present(row)] as const);
    return { objects, end: rows.length < limit ? undefined : rows.at(-1)?.id };
  };
}

/** A listed run lacks a payload that is stored apart. */
async function withPayload({ runs }: Pick<ApiPorts, 'runs'>, listed: ListedRun): Promise<ListedRun> {
  if (listed.definition.payload !== undefined) return listed;
  const key = { project: listed.definition.project_id, run: listed.id };
  const { definition = listed.definition } = await runs.find(key).catch((error) => {
    if (error instanceof PayloadGoneError) return error.found;
    throw error;
  });
  return { ...listed, definition };
}
