import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type * as z from 'zod/mini';
import type { IdPrefix } from '../../primitives/ids.js';
import type { Via } from '../../primitives/loops.js';
import type { TraceContext } from '../../primitives/trace-context.js';
import type { ApiPorts, ApiSettings } from '../../runtime/api-ports.js';
import type { Granted, Permission, Scope } from '../../subjects/projects/permissions.js';
import type { ApiKey, Project } from '../../subjects/projects/project.js';

export type Credential =
  /** Public routes ignore credentials. */
  | { readonly kind: 'none' }
  | Person
  /** `sent`: the key itself; undefined for a signed request. */
  | { readonly kind: 'key'; readonly key: ApiKey; readonly project: Project; readonly sent?: string }
  | AccountCaller;

/** A caller in the AWS account, which IAM has let in: it has no key. */
export interface AccountCaller {
  readonly kind: 'account';
  /** As AWS names the caller. */
  readonly name: string;
  readonly project: Project;
  readonly scopes: readonly Scope[];
}

/** What is sent through API Gateway, or made of a message of the intake queue. */
export interface ApiEvent extends APIGatewayProxyEventV2 {
  readonly message?: {
    /** When SQS took the message (Unix milliseconds). */
    readonly sentAt: number;
    /** The Idempotency-Key was chosen by the sender, who may use it again; otherwise it is the message's id. */
    readonly hasOwnKey: boolean;
  };
}

/** A person who has signed in. */
export interface Person extends Granted {
  readonly kind: 'person';
  /** The session's id. */
  readonly session: string;
  /** Tells persons apart: two persons never have the same name. */
  readonly name: string;
  readonly last_used_at?: number | undefined;
}

export interface RouteRequest<Body = unknown, Query = unknown> {
  readonly body: Body;
  readonly query: Query;
  /** Path parameters by name. */
  readonly params: Readonly<Record<string, string>>;
  readonly credential: Credential;
  /**
   * The projects that this request may see: the key's project; for a person the project of `?project_id=`, or all in
   * which the person has the route's permission. An object of another project does not exist for this request.
   */
  readonly projects: readonly Project[];
  /** The project that the request names by `?project_id=`. */
  readonly named?: string;
  /** The project to create objects in. @throws InvalidRequestError for a person who names no project */
  project(): Project;
  /** Moment of the request's acceptance (Unix milliseconds); equal in a repeat under its Idempotency-Key. */
  readonly now: number;
  /** When the caller sent the request, which is before `now` if it waited in the intake queue. */
  readonly sentAt: number;
  /** A new id; a repeat under the same Idempotency-Key gets the same ids in the same order. */
  newId(prefix: IdPrefix, shard?: number): string;
  /** The request as it came, for what a browser alone sends. */
  readonly event: ApiEvent;
  readonly requestId: string;
  /** The caller's trace context, if the request has a `traceparent`. */
  readonly trace?: TraceContext | undefined;
  /** The runs whose calls led to this request. */
  readonly via?: Via | undefined;
  /** A header as sent; '' for none. */
  header(name: 'accept' | 'accept-encoding' | 'if-none-match'): string;
}

export interface RouteAnswer {
  /** 303, 403 and 502 answer a browser that comes from elsewhere; every other refusal is thrown. */
  readonly status: 200 | 201 | 202 | 204 | 303 | 304 | 403 | 502;
  /** Sent as JSON; a string or bytes are sent unchanged, under the Content-Type of `headers`. */
  readonly body?: unknown;
  /** Path of the created object, sent as Location. */
  readonly location?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Values of Set-Cookie. */
  readonly cookies?: readonly string[];
  /** A part has failed on our side: the answer is not stored, so that a repeat with the same key does that part. */
  readonly isUnfinished?: boolean;
}

/**
 * Which credentials a route takes: none (`public`), persons only, keys only, or both. `person` routes are about a
 * project in their path, or about no single project; `key` and `project` routes take `?project_id=`.
 */
type Access = 'public' | 'person' | 'key' | 'project';

interface Definition<Body, Query> {
  /** By default `project`. */
  readonly access?: Access;
  /** What the credential must be allowed. `nothing`: the route is public, or about the caller's own session. */
  readonly needs: Permission | 'nothing';
  /** One line of at most 80 characters. */
  readonly summary: string;
  /** Further sentences for the document. */
  readonly description?: string;
  /**
   * Absent: the request has no body, and any body but `{}` is refused. A function where the schema depends on the
   * stage's settings, such as whether `http:` is allowed, so that one check finds all faults.
   */
  readonly body?: z.ZodMiniType<Body> | ((settings: ApiSettings) => z.ZodMiniType<Body>);
  /** Most bytes of the body: 64 KB unless given. A larger body is refused before it is read. */
  readonly maxBodyBytes?: number;
  /** Absent: no query parameters but `project_id`. */
  readonly query?: z.ZodMiniType<Query>;
  /** Left out of the audit: the route changes nothing, or its object is its own record, as a task run is. */
  readonly isUnaudited?: boolean;
  /** Answer of a repeated deletion that finds nothing left; 204 by default. */
  readonly gone?: RouteAnswer;
  handle(request: RouteRequest<Body, Query>, ports: ApiPorts): Promise<RouteAnswer>;
}

/** One row of the API, for the router, the documentation and the tests. */
export interface Route<Body = unknown, Query = unknown> extends Definition<Body, Query> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `{name}` stands for one path segment. */
  readonly path: string;
  readonly access: Access;
}

/** The row with this method and path. Infers the types of its body and query from its schemas. */
export function route<Body = undefined, Query = undefined>(
  row: `${Route['method']} ${string}`,
  definition: Definition<Body, Query>,
): Route {
  const [method, path] = row.split(' ');
  return { access: 'project', ...definition, method, path } as unknown as Route;
}
