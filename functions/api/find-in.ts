import { NotFoundError } from '../core/faults.js';
import type { Project } from '../core/project/project.js';

/** Projects that are asked at the same time. */
const PARALLEL = 10;

/**
 * The object that `find` knows in one of the request's projects: a key has one, an operator may have all.
 * @throws NotFoundError when none of them has it, so that another project's object looks like none at all
 */
export async function findIn<T>(
  projects: readonly Project[],
  find: (project: Project) => Promise<T | undefined>,
): Promise<T> {
  for (let start = 0; start < projects.length; start += PARALLEL) {
    const found = await Promise.all(projects.slice(start, start + PARALLEL).map(find));
    const hit = found.find((candidate) => candidate !== undefined);
    if (hit !== undefined) return hit;
  }
  throw new NotFoundError('There is no such object.');
}
