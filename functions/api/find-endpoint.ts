import type { Endpoint } from '../core/endpoint/endpoint.js';
import type { ApiPorts } from '../runtime/api-ports.js';
import { findInProjects } from './find-in-projects.js';
import type { RouteRequest } from './route.js';

type Request = Pick<RouteRequest<unknown, unknown>, 'projects' | 'params'>;

/** The endpoint that the path names, in one of the request's projects. @throws NotFoundError */
export function findEndpoint({ projects, params }: Request, { config }: Pick<ApiPorts, 'config'>): Promise<Endpoint> {
  return findInProjects(projects, ({ id }) => config.endpoint(id, params['id']!));
}
