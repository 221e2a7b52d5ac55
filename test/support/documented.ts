import type { Route } from '../../functions/api/http/route.js';
import { createRouter } from '../../functions/api/http/router.js';
import { answersOf, type DocumentedAnswer, errorsAt } from '../../functions/api/openapi/answers.js';
import { type ComponentName, components } from '../../functions/api/openapi/components.js';
import { routes } from '../../functions/api/routes/routes.js';

/** An answer of the API, as it came. */
export interface Came {
  readonly status: number;
  header(name: string): string | null | undefined;
  readonly text: string;
}

const findRoute = createRouter(routes);

/**
 * Holds an answer against what the OpenAPI document says of its row: status, media type, required headers, and the body
 * against the schemas that the document is made from. They are strict: a field too many is found as well.
 * @throws Error that says what differs
 */
export function assertDocumented(method: string, target: string, came: Came): void {
  const path = target.split('?')[0]!;
  const route = routeOf(method, path);
  const what = `${method} ${target} answered ${came.status}`;
  const answer = route ? answersOf(route)[came.status] : undefined;
  if (route && !answer) throw new Error(`${what}, which is not documented: ${came.text.slice(0, 500)}`);
  const isBodiless = method === 'HEAD' || came.status === 204 || came.status === 304;
  const faults = isBodiless ? noBodyFaults(came) : answer ? faultsOf(answer, came) : errorFaults(path, came);
  if (faults.length > 0)
    throw new Error(`${what}, not as documented: ${faults.join('; ')}: ${came.text.slice(0, 2000)}`);
}

/** None where there is nothing, or not by this method: then it is an error like any other. */
function routeOf(method: string, path: string): Route | undefined {
  try {
    return findRoute(method, path).route;
  } catch {
    return undefined;
  }
}

const noBodyFaults = ({ text }: Came): string[] => (text === '' ? [] : ['a body']);
const errorFaults = (path: string, { text }: Came): string[] => bodyFaults([errorsAt(path).error], JSON.parse(text));

function faultsOf({ content, headers }: DocumentedAnswer, came: Came): string[] {
  const type = came.header('content-type')?.split(';')[0] ?? '';
  const schemas = content[type];
  const missing = (['Location', 'Allow', 'WWW-Authenticate'] as const).filter(
    (name) => headers.includes(name) && !came.header(name.toLowerCase()),
  );
  const undocumented = schemas ? [] : [`a body of type ${type}`];
  return [
    ...missing.map((name) => `no ${name}`),
    ...undocumented,
    ...(schemas ? bodyFaults(schemas, /[/+]json$/.test(type) ? JSON.parse(came.text) : came.text) : []),
  ];
}

function bodyFaults(names: readonly (ComponentName | 'text')[], body: unknown): string[] {
  const known = names.filter((name) => name !== 'text');
  if (known.length < names.length) return [];
  const found = known.map((name) => components[name].safeParse(body));
  return found.some(({ success }) => success) ? [] : found.map(({ error }) => String(error?.message));
}
