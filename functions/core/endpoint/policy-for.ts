import type { ConfigReader } from '../ports.js';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from './retry-policy.js';

/** The policy of that id; the default where none is named, or it was deleted. */
export async function policyFor(config: ConfigReader, project: string, id: string | undefined): Promise<RetryPolicy> {
  return (id !== undefined && (await config.retryPolicy(project, id))) || DEFAULT_RETRY_POLICY;
}
