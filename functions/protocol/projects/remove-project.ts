import { mapBounded } from '../../primitives/map-bounded.js';
import type { Project, Removal } from '../../subjects/projects/project.js';
import { deleteSchedule } from '../schedules/schedule-chain.js';
import type { ProjectRow, RemovalPorts, StoppingPorts } from './removal-ports.js';

/** Projects that are removed at the same time: a large project does not hold up a small one. */
const SIDE_BY_SIDE = 4;
/** Rows of a project that are removed at the same time. */
const AT_ONCE = 12;
/** Rows between two notes of the progress. */
const NOTED_AT_ONCE = 5_000;
const SCHEDULES_AT_ONCE = 100;

/**
 * Stops a deleted project: its keys take no request any more, and its endpoints get no call any more. May be repeated.
 * @param at when the project was deleted (Unix milliseconds)
 */
export async function stopProject({ config }: StoppingPorts, project: string, at: number): Promise<void> {
  // Every request reads its key, but may use a cached project: the deletion must revoke the keys.
  const keys = await config.keys(project, undefined, Infinity);
  await mapBounded(keys, AT_ONCE, (key) => config.revokeKey(project, key.id, at));
  const endpoints = await config.endpoints(project, undefined, Infinity);
  const called = endpoints.filter((endpoint) => !endpoint.project_deleted);
  await mapBounded(called, AT_ONCE, ({ id }) =>
    config.changeEndpoint(project, id, (current) => ({ ...current, project_deleted: true })),
  );
}

/** Removes the data of all deleted projects, as far as the time goes. The next round continues. */
export async function removeProjects(ports: RemovalPorts, isTimeUp: () => boolean): Promise<void> {
  const projects = (await ports.config.everyProject()).filter(isBeingRemoved);
  await mapBounded(projects, SIDE_BY_SIDE, (project) =>
    removeProject(ports, project, isTimeUp).catch((error) => ports.onFailure({ project: project.id }, error)),
  );
}

const isBeingRemoved = ({ deleted_at, removal }: Project) =>
  deleted_at !== undefined && removal?.finished_at === undefined;

/**
 * One pass over a deleted project. What is removed is gone from its table, so no cursor is stored: every pass begins at
 * the start, with what makes new rows (schedules, events). A pass removes rows that functions at work since the pass
 * before have written. So the settings, and with them the mark on the endpoints, stay until a pass finds no data after a
 * time in which every function that was at work has ended. From then on no message writes or calls anything.
 */
export async function removeProject(ports: RemovalPorts, project: Project, isTimeUp: () => boolean): Promise<void> {
  const begun = ports.clock.now();
  const { found_at: foundAt } = removalOf(project);
  await stopProject(ports, project.id, project.deleted_at!);
  const removeRow = (row: ProjectRow) => remove(ports, row);
  const passes = [
    () =>
      removePages(ports, project, schedulesOf(ports, project), isTimeUp, ({ id }) =>
        deleteSchedule(ports, { project: project.id, schedule: id }),
      ),
    () => removePages(ports, project, ports.projectRows.data(project), isTimeUp, removeRow),
  ];
  let found = 0;
  for (const pass of passes) {
    const { removed, isOver } = await pass();
    if (!isOver) return;
    found += removed;
  }
  if (found > 0 || begun < foundAt + ports.quietMs) return;
  const { isOver } = await removePages(ports, project, ports.projectRows.settings(project), isTimeUp, removeRow);
  if (isOver) await finish(ports, project);
}

async function* schedulesOf({ schedules }: Pick<RemovalPorts, 'schedules'>, { id }: Project) {
  for (;;) {
    const some = await schedules.schedules(id, undefined, SCHEDULES_AT_ONCE);
    if (some.length === 0) return;
    yield some;
  }
}

/** Removes all rows of the pages, unless the time is up before. */
async function removePages<Row>(
  ports: RemovalPorts,
  project: Project,
  pages: AsyncIterable<readonly Row[]>,
  isTimeUp: () => boolean,
  removeRow: (row: Row) => Promise<void>,
): Promise<{ readonly removed: number; readonly isOver: boolean }> {
  let removed = 0;
  let noted = 0;
  let isOver = true;
  for await (const page of pages) {
    if (isTimeUp()) {
      isOver = false;
      break;
    }
    // That rows were found is noted before they are gone: the quiet time must not begin before.
    if (removed === 0 || removed - noted >= NOTED_AT_ONCE) {
      await note(ports, project, removed - noted);
      noted = removed;
    }
    await mapBounded(page, AT_ONCE, removeRow);
    removed += page.length;
  }
  if (removed > noted) await note(ports, project, removed - noted);
  return { removed, isOver };
}

/** The wake-up goes before its row: after the row nothing names it. */
async function remove({ clock, projectRows, wakeUps }: RemovalPorts, row: ProjectRow): Promise<void> {
  if (row.wakeUp && row.wakeUp.due > clock.now()) await wakeUps.disarm(row.wakeUp.run, row.wakeUp.attempt);
  await projectRows.remove(row);
}

async function note({ clock, config }: RemovalPorts, { id }: Project, rows: number): Promise<void> {
  const found_at = clock.now();
  await config.changeProject(id, (current) => {
    const removal = removalOf(current);
    return { ...current, removal: { ...removal, rows: removal.rows + rows, found_at } };
  });
}

/** The project's own row stays, without its secrets: it says what was deleted, and when. */
async function finish({ clock, config }: RemovalPorts, { id }: Project): Promise<void> {
  const finished_at = clock.now();
  await config.changeProject(id, ({ signing_secret: _secret, retiring_secrets: _retiring, ...current }) => ({
    ...current,
    removal: { ...removalOf(current), finished_at },
  }));
}

function removalOf({ deleted_at, removal }: Pick<Project, 'deleted_at' | 'removal'>): Removal {
  return removal ?? { rows: 0, found_at: deleted_at! };
}
