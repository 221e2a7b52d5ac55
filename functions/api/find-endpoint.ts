import type { Endpoint } from '../core/endpoint/endpoint.js';
import type { ApiPorts } from '../runtime/api-ports.js';
import { findIn } from './find-in.js';
import type { RouteRequest } from './route.js';

type Request = Pick<RouteRequest<unknown, unknown>, 'projects' | 'params'>;

/** The endpoint that the path names, in one of the request's projects. @throws NotFoundError */
export function findEndpoint({ projects, params }: Request, { config }: Pick<ApiPorts, 'config'>): Promise<Endpoint> {
  return findIn(projects, ({ id }) => config.endpoint(id, params['id']!));
}
