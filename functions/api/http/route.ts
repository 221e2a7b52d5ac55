import type * as z from 'zod/mini';
import type { IdPrefix } from '../../primitives/ids.js';
import type { TraceContext } from '../../primitives/trace-context.js';
import type { ApiPorts, ApiSettings } from '../../runtime/api-ports.js';
import type { ApiKey, Project } from '../../subjects/projects/project.js';

export type Credential =
  /** Public routes look at no credential. */
  | { readonly kind: 'none' }
  | { readonly kind: 'operator' }
  /** `sent`: the key itself, unless the request was signed instead. */
  | { readonly kind: 'key'; readonly key: ApiKey; readonly project: Project; readonly sent?: string };

export interface RouteRequest<Body, Query> {
  readonly body: Body;
  readonly query: Query;
  /** Path parameters by name. */
  readonly params: Readonly<Record<string, string>>;
  readonly credential: Credential;
  /**
   * The projects this request may see: the key's own; for an operator the one of `?project_id=`, or all of them. What is
   * in none of them does not exist for this request.
   */
  readonly projects: readonly Project[];
  /** The project that an operator's request is about, if it names one. */
  readonly named?: string;
  /** The one project to create in. @throws InvalidRequestError for an operator who names none */
  project(): Project;
  /** When the request was accepted (Unix milliseconds); the same when it is repeated under its Idempotency-Key. */
  readonly now: number;
  /** The same ids in the same order when the request is repeated under its Idempotency-Key. */
  newId(prefix: IdPrefix, shard?: number): string;
  readonly requestId: string;
  /** The caller's, if it sent a `traceparent`. */
  readonly trace?: TraceContext | undefined;
  /** The Accept header as sent; '' for none. */
  readonly accept: string;
}

export interface RouteAnswer {
  readonly status: 200 | 201 | 202 | 204;
  /** Sent as JSON; a string is sent as it is, under the Content-Type of `headers`. */
  readonly body?: unknown;
  /** Path of the created object, sent as Location. */
  readonly location?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A part has failed on our side: not remembered, so that a repeat under the Idempotency-Key does it, and only it, again. */
  readonly isUnfinished?: boolean;
}

/** One row of the API: everything the router, the documentation and the tests need to know of it. */
export interface Route<Body = unknown, Query = unknown> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** `{name}` stands for one path segment. */
  readonly path: string;
  /** Who may call it: anybody, operators only, keys only, or any credential within its project. */
  readonly access: 'public' | 'operator' | 'key' | 'project';
  /** One line of at most 80 characters. */
  readonly summary: string;
  /** What there is to say beyond the summary. */
  readonly description?: string;
  /**
   * Absent: the request has no body, and any but `{}` is refused. A function where the stage's settings have a say, such
   * as whether `http:` is allowed, so that all faults are still found in one go.
   */
  readonly body?: z.ZodMiniType<Body> | ((settings: ApiSettings) => z.ZodMiniType<Body>);
  /** Absent: no query parameters but `project_id` for operators. */
  readonly query?: z.ZodMiniType<Query>;
  /** Left out of the audit: it changes nothing, or what it makes is its own record, as a task run is. */
  readonly isUnaudited?: boolean;
  /** Of a deletion: its answer to a repeat that finds nothing left; 204 by default. */
  readonly gone?: RouteAnswer;
  handle(request: RouteRequest<Body, Query>, ports: ApiPorts): Promise<RouteAnswer>;
}

/** Infers the types of a route's body and query from its schemas. */
export function route<Body = undefined, Query = undefined>(definition: Route<Body, Query>): Route {
  return definition as unknown as Route;
}
