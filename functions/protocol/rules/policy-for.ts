import type { ConfigReader } from '../../subjects/endpoints/config-reader.js';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../../subjects/retry-policies/retry-policy.js';

/** A policy given by value, or named by its id. */
export interface PolicyChoice {
  readonly retry_policy?: RetryPolicy;
  readonly retry_policy_id?: string;
}

/** What makes or is a task run. */
type Sender = PolicyChoice & { readonly project_id: string; readonly endpoint_id?: string };

export function choosesPolicy({ retry_policy, retry_policy_id }: PolicyChoice): boolean {
  return retry_policy !== undefined || retry_policy_id !== undefined;
}

/** The chosen policy; the default if none was chosen, or the chosen policy was deleted. */
export async function policyFor(
  config: ConfigReader,
  project: string,
  { retry_policy, retry_policy_id: id }: PolicyChoice,
): Promise<RetryPolicy> {
  return retry_policy ?? ((id !== undefined && (await config.retryPolicy(project, id))) || DEFAULT_RETRY_POLICY);
}

/** The policy that the schedule or run itself chooses, else its endpoint's, else the default. */
export async function policyOfSender(config: ConfigReader, sender: Sender): Promise<RetryPolicy> {
  const { project_id, endpoint_id } = sender;
  if (choosesPolicy(sender) || endpoint_id === undefined) return policyFor(config, project_id, sender);
  return policyFor(config, project_id, (await config.endpoint(project_id, endpoint_id)) ?? {});
}
