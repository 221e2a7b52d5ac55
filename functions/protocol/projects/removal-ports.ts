import type { Endpoint } from '../../subjects/endpoints/endpoint.js';
import type { ApiKey, Project } from '../../subjects/projects/project.js';
import type { RunPorts } from '../rules/ports.js';
import type { Failed } from '../sweep/sweep-ports.js';

/** A row of a project in one of the tables. */
export interface ProjectRow {
  readonly table: 'config' | 'runs' | 'deadLetters';
  readonly pk: string;
  readonly sk: string;
  /** The attempt for which EventBridge Scheduler may have a wake-up, and when the attempt is due. */
  readonly wakeUp?: { readonly run: string; readonly attempt: number; readonly due: number };
}

type Pages = AsyncIterable<readonly ProjectRow[]>;

/** Every row of a project, a page at a time. A page is read when the rows of the pages before it are removed. */
export interface ProjectRows {
  /** What its customers and its deliveries have left: of a run the state comes before the definition. */
  data(project: Project): Pages;
  /** All the rest: endpoints, retry policies, keys. */
  settings(project: Project): Pages;
  remove(row: ProjectRow): Promise<void>;
}

/** What stops a project. */
export interface StoppingPorts {
  readonly config: {
    keys(project: string, before: string | undefined, limit: number): Promise<ApiKey[]>;
    revokeKey(project: string, id: string, at: number): Promise<boolean>;
    endpoints(project: string, before: string | undefined, limit: number): Promise<Endpoint[]>;
    changeEndpoint(project: string, id: string, change: (current: Endpoint) => Endpoint): Promise<Endpoint | undefined>;
  };
}

export interface RemovalPorts extends StoppingPorts, Pick<RunPorts, 'clock' | 'schedules' | 'wakeUps'> {
  readonly config: StoppingPorts['config'] & {
    everyProject(): Promise<Project[]>;
    /** The row of a removed project has no secret. */
    changeProject(
      id: string,
      change: (current: Project) => Omit<Project, 'signing_secret'>,
    ): Promise<Project | undefined>;
  };
  readonly projectRows: ProjectRows;
  /** Longer than a function runs, in milliseconds. */
  readonly quietMs: number;
  onFailure(what: Failed, error: unknown): void;
}
