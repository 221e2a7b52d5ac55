import type { Project } from '../projects/project.js';
import type { RetryPolicy } from '../retry-policies/retry-policy.js';
import type { Endpoint } from './endpoint.js';

/** Reads the configuration of projects. */
export interface ConfigReader {
  project(id: string): Promise<Project | undefined>;
  /** Strongly consistent: a disabled endpoint must not be called after its change was acknowledged. */
  endpoint(project: string, id: string): Promise<Endpoint | undefined>;
  retryPolicy(project: string, id: string): Promise<RetryPolicy | undefined>;
}
