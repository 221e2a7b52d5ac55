import type { Project } from '../../core/project/project.js';

/** One result for each shard of each project. */
export function perShard<Result>(projects: readonly Project[], make: (project: string, n: number) => Result): Result[] {
  return projects.flatMap((project) => shardsOf([project]).map((n) => make(project.id, n)));
}

/** The shards that any of these projects has: an endpoint's index partitions carry no project. */
export function shardsOf(projects: readonly Project[]): number[] {
  return Array.from({ length: Math.max(0, ...projects.map(({ shards }) => shards)) }, (_, n) => n);
}
