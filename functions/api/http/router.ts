import { NotFoundError } from '../../primitives/faults.js';
import { MethodNotAllowedError } from './problem.js';
import type { Route } from './route.js';

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

export type Router = (method: string, path: string) => Match;

/**
 * Finds the row of a request; HEAD counts as GET. A literal segment wins over a parameter, so that `/v1/tasks/batch` is
 * not the task named "batch".
 * @throws NotFoundError for a path that is not in the table
 * @throws MethodNotAllowedError for a path that is in the table with other methods alone
 */
export function createRouter(routes: readonly Route[]): Router {
  const rows = routes.map((route) => ({ route, segments: route.path.split('/') }));
  rows.sort((a, b) => parameterCount(a.segments) - parameterCount(b.segments));
  const rowsAt = (segments: string[]) => rows.filter((row) => fits(row.segments, segments));
  const nothingAt = (segments: string[]) => {
    const isSlashTooMuch = segments.at(-1) === '' && rowsAt(segments.slice(0, -1)).length > 0;
    return isSlashTooMuch ? 'There is nothing at this path: leave the slash at its end out.' : NOTHING;
  };

  return (method, path) => {
    const segments = path.split('/');
    const here = rowsAt(segments);
    if (here.length === 0) throw new NotFoundError(nothingAt(segments));
    const wanted = method === 'HEAD' ? 'GET' : method;
    const row = here.find(({ route }) => route.method === wanted);
    if (row === undefined) throw new MethodNotAllowedError(allowedMethods(here.map(({ route }) => route)));
    return { route: row.route, params: parameters(row.segments, segments) };
  };
}

const NOTHING = 'There is nothing at this path.';

const isParameter = (segment: string): boolean => segment.startsWith('{');
const parameterCount = (segments: string[]): number => segments.filter(isParameter).length;

function fits(pattern: string[], segments: string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((expected, index) => (isParameter(expected) ? segments[index] !== '' : expected === segments[index]))
  );
}

function parameters(pattern: string[], segments: string[]): Record<string, string> {
  return Object.fromEntries(
    pattern.flatMap((name, index) => (isParameter(name) ? [[name.slice(1, -1), segments[index]!]] : [])),
  );
}

function allowedMethods(routes: Route[]): string[] {
  const methods = new Set<string>(routes.map(({ method }) => method));
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods].sort();
}
