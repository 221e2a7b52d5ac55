import { NotFoundError } from '../../../primitives/faults.js';
import type { ApiPorts } from '../../../runtime/api-ports.js';
import type { Project } from '../../../subjects/projects/project.js';
import type { ListedRun, RunFilter } from '../../../subjects/task-runs/task-run-lists.js';
import type { RouteRequest } from '../../http/route.js';
import { type FoundTask, findTask } from '../../requests/find.js';
import { MAX_COUNTED } from './job-schema.js';

/** Rows that one read counts; only the page's rows are kept. */
const AT_ONCE = 500;
/** Enough reads for a list without a filter to count up to `MAX_COUNTED`. */
const MAX_LOOKS = MAX_COUNTED / AT_ONCE;

/** @throws NotFoundError also for a task run that is no job of this dialect */
export async function findJob(
  request: RouteRequest,
  ports: Pick<ApiPorts, 'deadLetters' | 'runs'>,
): Promise<FoundTask> {
  const task = await findTask(request, ports, request.params['id']!);
  if (task.definition.body_format === 'dispatch') return task;
  throw new NotFoundError('There is no such job.');
}

/**
 * The jobs from `start` to `end` (exclusive), newest first, and the number of all jobs, counted up to 10,000. A rare
 * status is searched among the newest 40,000 jobs: each of the 20 reads examines at most 2,000.
 */
export async function pageOfJobs(
  { runLists }: Pick<ApiPorts, 'runLists'>,
  projects: readonly Project[],
  status: RunFilter['status'],
  [start, end]: readonly [number, number],
): Promise<{ total: number; jobs: ListedRun[] }> {
  const jobs: ListedRun[] = [];
  let total = 0;
  let before: string | undefined;
  let looks = 0;
  do {
    const page = await runLists.runs(projects, { status, body_format: 'dispatch' }, before, AT_ONCE);
    jobs.push(...page.rows.slice(Math.max(0, start - total), Math.max(0, end - total)));
    total += page.rows.length;
    before = page.end;
    looks += 1;
  } while (before !== undefined && looks < MAX_LOOKS);
  return { total: Math.min(total, MAX_COUNTED), jobs };
}
