import type { IdPrefix } from '../../primitives/ids.js';
import type { Project } from './project.js';

/** The objects of a project that a search finds, by the prefix of their ids. */
export const FOUND = {
  ep: 'endpoint',
  rp: 'retry_policy',
  sch: 'schedule',
  run: 'task',
  evt: 'event',
  ntf: 'event',
  att: 'delivery',
  dl: 'dead_letter',
  bulk: 'bulk_job',
} as const satisfies Partial<Record<IdPrefix, string>>;
export type FoundPrefix = keyof typeof FOUND;

/**
 * Look-ups by what a text begins with: one Query for each partition, of a bounded number of rows. They answer ids, whose
 * objects may be gone, in the order of their keys from the last one.
 */
export interface SearchIndex {
  /** By the begin of an id, with its prefix. Of attempts those from the second on. */
  ids(project: Project, prefix: FoundPrefix, start: string, limit: number): Promise<string[]>;
  /** Of endpoints, retry policies and schedules, by the begin of their `key`. */
  keyed(project: string, start: string, limit: number): Promise<string[]>;
  /** By the begin of the `name`: endpoints, retry policies and schedules, and task runs with a name of their own. */
  named(project: Project, start: string, limit: number): Promise<string[]>;
  /** Of task runs and events, by the begin of a label, as `key:value`. */
  labelled(project: Project, start: string, limit: number): Promise<string[]>;
}
