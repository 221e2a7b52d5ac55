import type { HostileReceiver } from './hostile-receiver.js';
import { PersistentClient } from './persistent-client.js';
import { ENDPOINTS, EVENT_NAME, type Kind, type PlannedTask } from './workload.js';

/** A project with its key, and an endpoint and a retry policy for each kind of task. */
export interface ChaosWorld {
  readonly client: PersistentClient & { readonly project: string };
  readonly endpoints: ReadonlyMap<Kind, string>;
  readonly policies: ReadonlyMap<Kind, string>;
  readonly receiver: HostileReceiver;
  /** Where the intake queue is now. */
  readonly intake?: () => { readonly sqs: string; readonly intakeQueue: string };
}

/** A running stack, whose address may change. */
interface Addressed {
  readonly api: string;
  readonly operatorKey: string;
}

/** A client with the key of a new project. */
export async function projectClient(stack: Addressed) {
  const base = () => stack.api;
  const anybody = new PersistentClient(base);
  const { token } = await anybody.must('POST', '/v1/sessions', { operator_key: stack.operatorKey });
  const operator = new PersistentClient(base, { authorization: `Bearer ${token}` });
  const project = await operator.must('POST', '/v1/projects', { name: 'chaos', environment: 'staging' }, 'project');
  const { key } = await operator.must('POST', `/v1/projects/${project.id}/keys`, { label: 'chaos' }, 'key');
  return Object.assign(new PersistentClient(base, { 'x-api-key': key }), { project: project.id as string });
}

export async function prepareWorld(
  stack: Addressed,
  receiver: HostileReceiver,
  intake?: ChaosWorld['intake'],
): Promise<ChaosWorld> {
  const client = await projectClient(stack);
  const policies = new Map<Kind, string>();
  const endpoints = new Map<Kind, string>();
  for (const [kind, plan] of Object.entries(ENDPOINTS) as [Kind, (typeof ENDPOINTS)[Kind]][]) {
    const { delays: delays_seconds, retry_on_statuses, timeout_ms, target = { url: `${receiver.url}/${kind}` } } = plan;
    const policy = { name: kind, strategy: 'custom', delays_seconds, ...(retry_on_statuses && { retry_on_statuses }) };
    const { id: retry_policy_id } = await client.must('POST', '/v1/retry-policies', policy, `policy ${kind}`);
    policies.set(kind, retry_policy_id);
    const event_filters = kind === 'heard' ? [EVENT_NAME] : [];
    const endpoint = { name: kind, ...target, timeout_ms, retry_policy_id, event_filters };
    endpoints.set(kind, (await client.must('POST', '/v1/endpoints', endpoint, `endpoint ${kind}`)).id);
  }
  return { client, endpoints, policies, receiver, ...(intake && { intake }) };
}

/** The body of `POST /v1/tasks`. */
export function taskBody({ endpoints, policies, receiver }: ChaosWorld, task: PlannedTask): object {
  const { kind, payload, delay_seconds } = task;
  const when = delay_seconds === undefined ? { run_at: 0 } : { delay_seconds };
  if (kind !== 'inline') return { endpoint_id: endpoints.get(kind), payload, ...when };
  const target = { url: `${receiver.url}/inline`, timeout_ms: ENDPOINTS.inline.timeout_ms };
  return { target, retry_policy_id: policies.get('inline'), payload, ...when };
}
