import type * as z from 'zod/mini';
import type { AttemptStatus } from '../../destinations/outcome.js';
import type { BodyFormat } from '../../formats/formats.js';
import type { Page } from '../../primitives/newest-first.js';
import type { Project } from '../projects/project.js';
import type { Attempt, RunDefinition, RunState } from './task-run.js';
import type { runFilter } from './task-run-schema.js';

type GivenFilter = { readonly [Field in keyof typeof runFilter]?: z.infer<(typeof runFilter)[Field]> };

export interface RunFilter extends GivenFilter {
  /** The only format that can be filtered by. */
  readonly body_format?: Extract<BodyFormat, 'dispatch'> | undefined;
  /** Only these. */
  readonly ids?: readonly string[] | undefined;
  /** Leaves out runs that ended before this moment (Unix milliseconds). */
  readonly open_since?: number | undefined;
  /** Unix milliseconds, both inclusive: when runs were made, or, for a schedule's runs, are due. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

export interface AttemptFilter {
  readonly status?: AttemptStatus | undefined;
  readonly endpoint_id?: string | undefined;
  readonly task_id?: string | undefined;
}

/** A task run in a list: without a payload that is too large for its definition's item. */
export interface ListedRun {
  readonly id: string;
  readonly definition: RunDefinition;
  readonly state: RunState;
}

type Projects = readonly Project[];

/**
 * Lists over all shards of all given projects, newest first by id, strictly before `before` (of any prefix). A page may
 * be short and still have an `end`: a filter without an index reads a bounded number of rows per page.
 */
export interface RunLists {
  runs(projects: Projects, filter: RunFilter, before: string | undefined, limit: number): Promise<Page<ListedRun>>;
  /** Recorded attempts only: an outcome that lost against another worker's is no part of the run's history. */
  attempts(
    projects: Projects,
    filter: AttemptFilter,
    before: string | undefined,
    limit: number,
  ): Promise<Page<Attempt>>;
  /** Second and later attempts by the time of their claim, including attempts that were never recorded. */
  laterAttempts(projects: Projects, before: string | undefined, limit: number): Promise<Page<Attempt>>;
  /**
   * Runs by the time of their ids, and second and later attempts by the time of their claim, in one order: after the id
   * `after`, up to the moment `until`, oldest first. Eventually consistent. Attempts may be such as were never recorded.
   */
  changes(
    project: Project,
    after: string,
    until: number,
    isNew: (id: string) => boolean,
    limit: number,
  ): Promise<Page<ListedRun | Attempt>>;
  /** The versions of the states of these runs, of those that have begun; eventually consistent. */
  versions(project: string, runs: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** The runs among `ids` that exist, in any order. Give each id once. */
  byIds(project: string, ids: readonly string[]): Promise<ListedRun[]>;
  attempt(project: string, id: string): Promise<Attempt | undefined>;
}
