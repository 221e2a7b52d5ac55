import { toJson } from '../../primitives/json-text.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import type { Project } from '../../subjects/projects/project.js';
import { answerUnder } from '../http/idempotency.js';
import type { RouteAnswer } from '../http/route.js';

interface Made {
  readonly id?: string;
}

/**
 * Ids of the task runs or events that requests with keys of the project made under this Idempotency-Key: one, or those of a
 * batch. The first answer to the key names them, so no index does. It is known for 24 hours.
 */
export async function madeUnderKey(
  ports: Pick<ApiPorts, 'idempotency' | 'secrets'>,
  project: Project,
  collection: 'tasks' | 'events',
  key: string,
): Promise<string[]> {
  const one = collection === 'tasks' ? 'task' : 'event';
  const under = (path: string) => answerUnder({ scope: project.id, method: 'POST', path }, key, ports);
  const [single, batch] = await Promise.all([under(`/v1/${collection}`), under(`/v1/${collection}/batch`)]);
  const made = bodyOf<Made>(single);
  const results = bodyOf<{ readonly data: readonly Partial<Record<string, Made>>[] }>(batch)?.data ?? [];
  return [made, ...results.map((result) => result[one])].flatMap((object) => object?.id ?? []);
}

/** The body of a stored answer is JSON that is only passed on. */
function bodyOf<Body>(answer: RouteAnswer | undefined): Body | undefined {
  return answer && JSON.parse(toJson(answer.body));
}
