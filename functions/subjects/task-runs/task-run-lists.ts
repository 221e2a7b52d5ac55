import type * as z from 'zod/mini';
import type { AttemptStatus } from '../../destinations/http/outcome.js';
import type { BodyFormat } from '../../formats/formats.js';
import type { Page } from '../../primitives/newest-first.js';
import type { Project } from '../projects/project.js';
import type { Attempt, RunDefinition, RunState } from './task-run.js';
import type { runFilter } from './task-run-schema.js';

type GivenFilter = { readonly [Field in keyof typeof runFilter]?: z.infer<(typeof runFilter)[Field]> };

export interface RunFilter extends GivenFilter {
  /** Only runs of this one are found by it. */
  readonly body_format?: Extract<BodyFormat, 'dispatch'> | undefined;
  /** Unix milliseconds, both inclusive: when runs were made, or, by a schedule, are due. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

export interface AttemptFilter {
  readonly status?: AttemptStatus | undefined;
  readonly endpoint_id?: string | undefined;
  readonly task_id?: string | undefined;
}

/** A task run as lists know it: a payload too large to lie with its definition is left out. */
export interface ListedRun {
  readonly id: string;
  readonly definition: RunDefinition;
  readonly state: RunState;
}

type Projects = readonly Project[];

/**
 * Lists over all shards of all given projects, newest first by id, strictly before `before` (any sibling's id will do).
 * A page may be short and still have an `end`: a filter without an index looks at a bounded number of rows per page.
 */
export interface RunLists {
  runs(projects: Projects, filter: RunFilter, before: string | undefined, limit: number): Promise<Page<ListedRun>>;
  /** Recorded attempts only: an outcome that lost against another worker's is no part of its run's history. */
  attempts(
    projects: Projects,
    filter: AttemptFilter,
    before: string | undefined,
    limit: number,
  ): Promise<Page<Attempt>>;
  /** Attempts from the second on by the time they were taken up, also such as lost against another worker's. */
  laterAttempts(projects: Projects, before: string | undefined, limit: number): Promise<Page<Attempt>>;
  /** Those of the runs that there are, in no particular order. Give no id twice. */
  byIds(project: string, ids: readonly string[]): Promise<ListedRun[]>;
  attempt(project: string, id: string): Promise<Attempt | undefined>;
}
