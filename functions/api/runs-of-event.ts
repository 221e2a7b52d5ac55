import type { Project } from '../core/project/project.js';
import type { ListedRun, RunLists } from '../core/run/run-lists.js';
import type { RunStatus } from '../core/run/task-run.js';
import type { RunsOfEvent } from './present/present-event.js';

/** Runs that are shown with their event; the list of task runs has them all. */
const SHOWN = 100;
const PAGE_SIZE = 500;

/** The runs of an event: all of them counted by status, the newest shown. */
export async function runsOfEvent(lists: RunLists, project: Project, event_id: string): Promise<RunsOfEvent> {
  const counts: Partial<Record<RunStatus, number>> = {};
  const newest: ListedRun[] = [];
  let before: string | undefined;
  let total = 0;
  do {
    const { rows, end } = await lists.runs([project], { event_id }, before, PAGE_SIZE);
    for (const { state } of rows) counts[state.status] = (counts[state.status] ?? 0) + 1;
    newest.push(...rows.slice(0, SHOWN - newest.length));
    total += rows.length;
    before = end;
  } while (before !== undefined);
  return { counts, newest, next_cursor: total > SHOWN ? newest.at(-1)!.id : null };
}
