import createClient, { type Client, type Middleware } from 'openapi-fetch';
import { isEmbedded } from './embedded.js';
import { bodyText, notePayload, withPayload } from './exact-payload.js';
import { ApiProblem, type Problem } from './problem.js';
import type { components, paths } from './schema.js';

export type Schemas = components['schemas'];
export type Api = Client<paths>;

export interface ApiOptions {
  /** Sent as `project_id` with every request; routes about projects take no `project_id`. */
  readonly project?: string;
  /** Of an embedded session. */
  readonly token?: string | undefined;
  /** Called when the session is not good any more. */
  readonly onUnauthenticated?: () => void;
}

/** Calls of the API on this page's own origin, typed by the API's document. The browser adds the session's cookie, unless the console is embedded. */
export function createApi({ project, token, onUnauthenticated }: ApiOptions): Api {
  const api = createClient<paths>({
    baseUrl: location.origin,
    credentials: isEmbedded ? 'omit' : 'same-origin',
    headers: { authorization: token && `Bearer ${token}` },
    bodySerializer: (body: unknown) => bodyText(body as { readonly payload?: unknown }),
    querySerializer: (query) => queryText({ ...query, project_id: project }),
  });
  const watch: Middleware = {
    async onResponse({ response }) {
      if (response.status === 401) onUnauthenticated?.();
      await notePayload(response);
    },
  };
  api.use(watch);
  return api;
}

function queryText(query: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
}

interface Settled<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** The body of a successful answer. @throws ApiProblem for any other answer */
export async function answerOf<Data>(request: Promise<Settled<Data>>): Promise<Data> {
  const { data, error, response } = await request;
  if (response.ok) return withPayload(data as Data, response);
  const wait = Number(response.headers.get('retry-after'));
  throw new ApiProblem(asProblem(error, response), wait > 0 ? wait : undefined);
}

/** API Gateway's and CloudFront's own answers are no problem documents. */
function asProblem(error: unknown, { status, statusText }: Response): Problem {
  const isProblem = typeof error === 'object' && error !== null && 'title' in error;
  return isProblem ? (error as Problem) : { title: statusText || `The API answered ${status}`, status };
}
