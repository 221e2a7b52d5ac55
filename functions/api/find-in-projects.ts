import { NotFoundError } from '../core/faults.js';
import { mapBounded } from '../core/map-bounded.js';
import type { Project } from '../core/project/project.js';
import { PARALLEL_PROJECTS } from './pages.js';

/**
 * The object that `find` reads in one of the request's projects. A key has one project, an operator may have all.
 * @throws NotFoundError when no project has the object, so that an object of another project looks like none at all
 */
export async function findInProjects<T>(
  projects: readonly Project[],
  find: (project: Project) => Promise<T | undefined>,
): Promise<T> {
  let found: T | undefined;
  await mapBounded(projects, PARALLEL_PROJECTS, async (project) => {
    if (found !== undefined) return;
    const here = await find(project);
    found ??= here;
  });
  if (found === undefined) throw new NotFoundError('There is no such object.');
  return found;
}
