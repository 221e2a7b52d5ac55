import type { Schemas } from './punctual.js';

/** A request as it was sent, once for each call: retries of a call are one request. */
export interface SentRequest {
  readonly method: string;
  /** With its query: `/v1/tasks?status=pending`. */
  readonly path: string;
  /** Parsed from JSON; undefined if the request had none. */
  readonly body: unknown;
  readonly idempotencyKey: string | undefined;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

type Stored = { readonly id: string; readonly [field: string]: unknown };
type Body = Readonly<Record<string, unknown>>;

/** Prefix of the ids, and what a new object shows where the request says nothing. */
interface Kind {
  readonly prefix: string;
  make(body: Body, id: string): object;
  /** Fields that only the answer to the creation has. */
  readonly once?: object;
  /** Fields that lists leave out. */
  readonly alone?: readonly string[];
}

const NO_PROJECT = `proj_${'0'.repeat(12)}7${'0'.repeat(3)}8${'0'.repeat(15)}`;
const CALL = { method: 'POST', headers: {}, timeout_ms: 10_000 } as const;
const now = () => new Date().toISOString();

function momentOf(body: Body): string {
  const { run_at, delay_seconds } = body as Schemas['NewTask'];
  if (delay_seconds !== undefined) return new Date(Date.now() + delay_seconds * 1000).toISOString();
  if (!run_at) return now();
  return new Date(typeof run_at === 'number' ? run_at * 1000 : run_at).toISOString();
}

const isoOf = (moment: unknown): string | null =>
  moment === undefined || moment === null ? null : momentOf({ run_at: moment });

const labelsOf = (body: Body) => (body['labels'] as Record<string, string>) ?? {};

const targetOf = (body: Body) =>
  body['target'] ? { target: { ...CALL, ...(body['target'] as Schemas['NewTarget']) } } : {};

const KINDS: Readonly<Record<string, Kind>> = {
  tasks: {
    prefix: 'run',
    alone: ['payload', 'redacted_at', 'attempts'],
    make: (body, id): Schemas['TaskRunWithPayload'] => ({
      id,
      project_id: NO_PROJECT,
      name: (body['name'] as string) ?? null,
      labels: labelsOf(body),
      status: 'pending',
      endpoint_id: (body['endpoint_id'] as string) ?? null,
      ...targetOf(body),
      source: { type: 'api', id: null },
      run_at: momentOf(body),
      attempt_count: 0,
      max_attempts: 6,
      next_attempt_at: momentOf(body),
      created_at: now(),
      finished_at: null,
      payload: body['payload'] ?? null,
      redacted_at: null,
    }),
  },
  events: {
    prefix: 'evt',
    alone: ['payload', 'redacted_at'],
    make: (body, id): Schemas['EventWithPayload'] => ({
      id,
      project_id: NO_PROJECT,
      event_name: body['event_name'] as string,
      event_key: (body['event_key'] as string) ?? null,
      labels: labelsOf(body),
      status: 'completed',
      created_at: now(),
      payload: body['payload'] ?? null,
      redacted_at: null,
    }),
  },
  endpoints: {
    prefix: 'ep',
    once: { signing_secret: 'whsec_dGhlIHNlY3JldCBvZiB0aGUgdGVzdCBkb3VibGU=' },
    make: ({ signing_secret, ...body }, id): Schemas['Endpoint'] => ({
      id,
      project_id: NO_PROJECT,
      ...CALL,
      retry_policy_id: null,
      event_filters: [],
      rate_limit_per_second: null,
      max_concurrency: null,
      status: 'active',
      disabled_reason: null,
      disabled_at: null,
      failing_since: null,
      created_at: now(),
      updated_at: now(),
      ...(body as { name: string; url: string }),
    }),
  },
  schedules: {
    prefix: 'sch',
    alone: ['payload', 'upcoming', 'last_run'],
    make: (body, id): Schemas['ScheduleWithPayload'] => ({
      id,
      project_id: NO_PROJECT,
      cron: null,
      timezone: 'UTC',
      endpoint_id: null,
      overlap_policy: 'skip',
      misfire_policy: 'fire_once',
      misfire_grace_seconds: 60,
      max_runs: null,
      jitter_seconds: null,
      retry_policy_id: null,
      status: 'active',
      runs: 0,
      next_run_at: null,
      created_at: now(),
      updated_at: now(),
      payload: null,
      upcoming: [],
      last_run: null,
      ...(body as { name: string }),
      labels: labelsOf(body),
      ...targetOf(body),
      run_at: isoOf(body['run_at']),
      start_at: isoOf(body['start_at']),
      end_at: isoOf(body['end_at']),
    }),
  },
  'retry-policies': {
    prefix: 'rp',
    make: (body, id): Schemas['RetryPolicy'] => ({
      id,
      project_id: NO_PROJECT,
      strategy: 'custom',
      base_delay_seconds: 30,
      max_delay_seconds: 21_600,
      delays_seconds: [30, 120, 600, 3_600, 21_600],
      max_attempts: 6,
      jitter: 'none',
      honor_retry_after: true,
      retry_on_statuses: null,
      created_at: now(),
      updated_at: now(),
      ...(body as { name: string }),
    }),
  },
  'dead-letters': { prefix: 'dl', alone: ['payload'], make: (body, id) => ({ ...body, id }) },
  deliveries: { prefix: 'att', make: (body, id) => ({ ...body, id }) },
  'retry-jobs': { prefix: 'rj', make: (body, id) => ({ ...body, id }) },
  'bulk-jobs': { prefix: 'bulk', make: (body, id) => ({ ...body, id }) },
};

/** What a search calls the objects of a collection. */
const FOUND: Readonly<Record<string, Schemas['FoundKind']>> = {
  tasks: 'task',
  events: 'event',
  endpoints: 'endpoint',
  schedules: 'schedule',
  'retry-policies': 'retry_policy',
  'dead-letters': 'dead_letter',
  'bulk-jobs': 'bulk_job',
};

/** Found by their names, but for runs that have the name of their schedule. */
const NAMED: ReadonlySet<string> = new Set(['tasks', 'endpoints', 'schedules', 'retry-policies']);

/** What takes a filter or ids, in place of one id. */
const BULK: ReadonlySet<unknown> = new Set(['cancel', 'replay', 'resolve']);

const ENDED: ReadonlySet<unknown> = new Set(['success', 'cancelled', 'dead_letter', 'skipped']);

/** The objects of one project, and the requests that were sent about them. It makes no call, and no moment comes. */
export class Memory {
  readonly sent: SentRequest[] = [];
  readonly #objects = new Map<string, Stored>();
  readonly #answers = new Map<string, Answer>();
  readonly #failures: Answer[] = [];
  /** Ids of task runs, once for each change. */
  readonly #changes: string[] = [];
  #made = 0;

  readonly fetch = async (address: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const { method = 'GET', headers, body } = init;
    const url = new URL(String(address));
    const key = new Headers(headers).get('idempotency-key') ?? undefined;
    const repeated = key === undefined ? undefined : this.#answers.get(`${method} ${url.pathname} ${key}`);
    const read = typeof body === 'string' ? JSON.parse(body) : undefined;
    const isRetry = key !== undefined && this.sent.some(({ idempotencyKey }) => idempotencyKey === key);
    if (!isRetry) this.sent.push({ method, path: url.pathname + url.search, body: read, idempotencyKey: key });
    const failure = this.#failures.shift();
    const answer = failure ?? repeated ?? this.#answer(method, url, read ?? {});
    if (failure === undefined && key !== undefined) this.#answers.set(`${method} ${url.pathname} ${key}`, answer);
    const type = answer.status < 400 ? 'application/json' : 'application/problem+json';
    const content = answer.body === undefined ? null : JSON.stringify(answer.body);
    return new Response(content, { status: answer.status, headers: { 'content-type': type } });
  };

  /** The next request is answered so. */
  failNext(status: number, detail: string): void {
    this.#failures.push(problem(status, 'failed_by_the_test', detail));
  }

  /** Puts an object there, or changes it. */
  put(kind: string, fields: Body, id = this.#newId(KINDS[kind]!.prefix)): Stored {
    const stored = { ...this.#objects.get(id), ...fields, id };
    this.#objects.set(id, stored);
    if (kind === 'tasks') this.#changes.push(id);
    return stored;
  }

  find(id: string): Stored | undefined {
    return this.#objects.get(id);
  }

  #newId(prefix: string): string {
    const time = Date.now().toString(16).padStart(12, '0');
    this.#made += 1;
    return `${prefix}_${time}70008${this.#made.toString(16).padStart(15, '0')}`;
  }

  #answer(method: string, url: URL, body: Body): Answer {
    const [, , name = '', id, action] = url.pathname.split('/');
    if (name === 'search') return this.#search(url.searchParams.get('q') ?? '');
    if (name === 'feed') return this.#feed(url.searchParams);
    const kind = KINDS[name];
    if (kind === undefined) return problem(501, 'not_in_the_double', `The double does not know ${url.pathname}.`);
    if (method === 'POST' && id === undefined) return this.#create(name, kind, body);
    if (method === 'POST' && id === 'batch') return this.#batch(name, kind, body);
    if (method === 'POST' && action === undefined && BULK.has(id)) return this.#bulk(name, id as string, body);
    if (id === 'by-name') return this.#byKey(method, name, kind, decodeURIComponent(action!), body);
    if (method === 'GET' && id === undefined) return this.#list(kind, url.searchParams, () => true);
    const found = this.#objects.get(id!);
    if (found === undefined) return problem(404, 'not_found', `There is no ${id}.`);
    if (action !== undefined) return this.#act(`${name}/${action}`, found, body, url.searchParams);
    if (method === 'GET') return { status: 200, body: this.#whole(name, found) };
    if (method === 'PATCH') return { status: 200, body: this.put(name, { ...body, updated_at: now() }, found.id) };
    this.#objects.delete(found.id);
    return { status: 204 };
  }

  #create(name: string, kind: Kind, body: Body, id = this.#newId(kind.prefix)): Answer {
    const made = this.put(name, kind.make(body, id) as Body, id);
    const secret = body['signing_secret'] === undefined ? {} : { signing_secret: body['signing_secret'] };
    return { status: name === 'events' ? 202 : 201, body: { ...made, ...kind.once, ...secret } };
  }

  #byKey(method: string, name: string, kind: Kind, key: string, body: Body): Answer {
    const found = [...this.#objects.values()].find((one) => one['key'] === key && one.id.startsWith(`${kind.prefix}_`));
    if (method === 'PUT') {
      const kept = found && { status: found['status'], created_at: found['created_at'] };
      const made = this.#create(name, kind, { name: key, ...kept, ...body, key }, found?.id);
      return found ? { status: 200, body: without(made.body as Stored, Object.keys(kind.once ?? {})) } : made;
    }
    if (found === undefined) return problem(404, 'not_found', `There is no ${key}.`);
    if (method === 'GET') return { status: 200, body: this.#whole(name, found) };
    this.#objects.delete(found.id);
    return { status: 204 };
  }

  /** Done at once. */
  #bulk(name: string, action: string, body: Body): Answer {
    const { ids, dry_run, note, since, until, labels = {}, ...filter } = body;
    const isOpen = ({ status }: Stored) => (name === 'tasks' ? !ENDED.has(status) : status === 'open');
    const pairs = [
      ...Object.entries(filter),
      ...Object.entries(labels as object).map(([key, value]) => ['label', `${key}:${value}`]),
    ];
    const matching = [...this.#objects.values()]
      .filter(
        ({ id }) => id.startsWith(`${KINDS[name]!.prefix}_`) && ((ids as string[] | undefined)?.includes(id) ?? true),
      )
      .filter((one) => isOpen(one) && pairs.every(([field, value]) => matches(one, field!, value as string)));
    const count = matching.length;
    if (dry_run === true) return { status: 200, body: { dry_run, count, is_complete: true } };
    for (const one of matching) this.#act(`${name}/${action}`, one, { note }, new URLSearchParams());
    const common = { project_id: NO_PROJECT, status: 'completed', created_at: now() };
    const job = this.put('bulk-jobs', { ...common, action, done: count });
    if (action !== 'replay') return { status: 202, body: job };
    const { endpoint_id = null, reason = null } = filter;
    const shown = { endpoint_id, reason, since: isoOf(since), until: isoOf(until) ?? now() };
    return { status: 202, body: { ...common, id: job.id, replayed: count, ...shown } };
  }

  /** As the service, but for Idempotency-Keys, and in the order in which the objects were made. */
  #search(q: string): Answer {
    const begins = (text: unknown) => typeof text === 'string' && text.startsWith(q);
    const by = (kind: string, one: Stored): Schemas['FoundBy'] | undefined => {
      if (begins(one.id) && q.includes('_')) return 'id';
      if (begins(one['key'])) return 'key';
      const isOwn = NAMED.has(kind) && (one['source'] as Schemas['RunSource'] | undefined)?.type !== 'manual';
      if (isOwn && begins(one['name'])) return 'name';
      if (one['event_key'] === q) return 'event_key';
      const labels = Object.entries((one['labels'] ?? {}) as object).map(([key, value]) => `${key}:${value}`);
      return q.includes(':') && labels.some(begins) ? 'label' : undefined;
    };
    const data = [...this.#objects.values()].flatMap((one) => {
      const [name] = Object.entries(KINDS).find(([, { prefix }]) => one.id.startsWith(`${prefix}_`))!;
      const fits = by(name, one);
      if (fits === undefined || FOUND[name] === undefined) return [];
      const { id, created_at } = one;
      return { kind: FOUND[name], id, name: one['name'] ?? one['event_name'] ?? null, by: fits, created_at };
    });
    return { status: 200, body: { data: data.slice(0, 20) } };
  }

  /** The task runs that have changed since the cursor, or ever; there are no attempts. */
  #feed(query: URLSearchParams): Answer {
    const lines = [...new Set(this.#changes.slice(Number(query.get('cursor') ?? 0)))]
      .map((id) => ({ type: 'task_run', task_id: id, ...this.#objects.get(id)! }))
      .filter((run) => filtersOf(query).every(([name, value]) => matches(run, name, value)))
      .map(({ type, task_id, ...run }) => ({
        type,
        version: this.#changes.filter((id) => id === task_id).length,
        data: without(run, KINDS['tasks']!.alone),
      }));
    const page = { type: 'page', data: { cursor: String(this.#changes.length), more: false } };
    return { status: 200, body: [...lines, page] };
  }

  #batch(name: string, kind: Kind, body: Body): Answer {
    const data = (body[name] as readonly Body[]).map((entry) => {
      const { status, body: made } = this.#create(name, kind, entry);
      return { status, [name.slice(0, -1)]: without(made as Stored, kind.alone) };
    });
    return { status: 200, body: { data } };
  }

  /** A filter matches the field of its name, or a label. */
  #list(kind: Kind, query: URLSearchParams, belongs: (object: Stored) => boolean): Answer {
    const page_size = Number(query.get('page_size') ?? 20);
    const start = Number(query.get('cursor') ?? 0);
    const filters = filtersOf(query);
    const matching = [...this.#objects.values()]
      .filter(({ id }) => id.startsWith(`${kind.prefix}_`))
      .filter((object) => belongs(object) && filters.every(([name, value]) => matches(object, name, value)))
      .reverse();
    const data = matching.slice(start, start + page_size).map((object) => without(object, kind.alone));
    const next_cursor = start + page_size < matching.length ? String(start + page_size) : null;
    return { status: 200, body: { data, page: 1, page_size, next_cursor } };
  }

  #whole(name: string, object: Stored): object {
    if (name === 'tasks') return { attempts: [], ...object };
    if (name === 'events') return { ...object, task_counts: {}, tasks: [], tasks_cursor: null };
    return object;
  }

  #act(action: string, object: Stored, body: Body, query: URLSearchParams): Answer {
    switch (action) {
      case 'tasks/cancel':
        if (ENDED.has(object['status']))
          return problem(409, 'conflict', `The task run is ${object['status']} already.`);
        return {
          status: 200,
          body: this.put('tasks', { status: 'cancelled', finished_at: now(), next_attempt_at: null }, object.id),
        };
      case 'tasks/wait':
        return { status: 200, body: this.#whole('tasks', object) };
      case 'tasks/resend':
        if (!ENDED.has(object['status'])) return problem(409, 'conflict', `The task run is ${object['status']}.`);
        return this.#resent(object, body);
      case 'schedules/backfill':
        return {
          status: 200,
          body: { occurrences: 0, missed: 0, dry_run: false, next_from: null, ...only(body, 'dry_run') },
        };
      case 'schedules/run':
        return { ...this.#runOf(object), status: 202 };
      case 'schedules/runs':
        return this.#list(KINDS['tasks']!, query, ({ source }) => (source as Schemas['RunSource']).id === object.id);
      case 'endpoints/rotate-secret':
        return { status: 200, body: { ...object, ...KINDS['endpoints']!.once, ...body } };
      case 'dead-letters/replay':
        this.put('dead-letters', { status: 'replayed' }, object.id);
        return {
          status: 202,
          body: this.put(
            'tasks',
            { status: 'pending', finished_at: null, next_attempt_at: now() },
            object['task_id'] as string,
          ),
        };
      case 'dead-letters/resolve':
        return { status: 200, body: this.put('dead-letters', { status: 'resolved', ...body }, object.id) };
      default:
        return problem(501, 'not_in_the_double', `The double does not know ${action}.`);
    }
  }

  #resent(ended: Stored, body: Body): Answer {
    const { name, labels, endpoint_id, target, payload } = ended;
    const { status, body: made } = this.#create('tasks', KINDS['tasks']!, {
      name,
      labels,
      endpoint_id,
      target,
      payload,
      ...body,
    });
    return { status, body: this.put('tasks', { resent_from: ended.id }, (made as Stored).id) };
  }

  #runOf({ id, name, labels, endpoint_id, target, payload }: Stored): Answer {
    const { body } = this.#create('tasks', KINDS['tasks']!, { name, labels, endpoint_id, target, payload });
    return { status: 202, body: this.put('tasks', { source: { type: 'manual', id } }, (body as Stored).id) };
  }
}

const NOT_FILTERS: readonly string[] = ['page_size', 'cursor', 'since', 'until', 'wait_seconds'];
const filtersOf = (query: URLSearchParams) => [...query].filter(([name]) => !NOT_FILTERS.includes(name));

function matches(object: Stored, filter: string, value: string): boolean {
  if (filter !== 'label') return object[filter] === value;
  const [, key = '', wanted] = /^(.*?):(.*)$/s.exec(value) ?? [];
  return (object['labels'] as Record<string, string> | undefined)?.[key] === wanted;
}

function only(body: Body, field: string): Body {
  return field in body ? { [field]: body[field] } : {};
}

function without(object: Stored, fields: readonly string[] = []): object {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !fields.includes(name)));
}

function problem(status: number, code: string, detail: string): Answer {
  const body: Schemas['Problem'] = {
    type: 'about:blank',
    title: detail,
    status,
    detail,
    code,
    request_id: 'test-double',
  };
  return { status, body };
}
