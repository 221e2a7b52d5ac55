import { Webhook } from 'standardwebhooks';

/** An answer of the scripted server; `drop` ends the connection without one, `hang` never answers. */
type Scripted = 'drop' | 'hang' | { status: number; headers?: Record<string, string>; body?: unknown; text?: string };

/** A call of a client, whose server answers by a script, the last answer for good. */
export interface CallCase {
  readonly name: string;
  /** What the programs in each language know: programs/behaviour.{ts,py,go}. */
  readonly call:
    | 'create'
    | 'get'
    | 'cancel'
    | 'delete'
    | 'unset'
    | 'escape'
    | 'items'
    | 'first'
    | 'page'
    | 'feed'
    | 'usage';
  readonly options?: { readonly retries?: number; readonly timeout_ms?: number; readonly idempotency_key?: string };
  readonly script: readonly Scripted[];
  readonly outcome: object;
  /** Method, path and body of each request. */
  readonly sent: readonly (readonly [method: string, path: string, body?: unknown])[];
  /** At least so long from the first request to the last. */
  readonly waitsMs?: number;
}

const problem = (status: number, code: string, more: object = {}, headers: Record<string, string> = {}): Scripted => ({
  status,
  headers,
  body: { type: 'about:blank', title: 'T', status, detail: 'Why.', code, request_id: 'r1', ...more },
});
const error = (type: string, status: number, code: string, more: object = {}) => ({
  error: { type, status, code, message: 'Why.', faults: [], request_id: 'r1', retry_after_seconds: null, ...more },
});
const run = { status: 201, body: { id: 'run_1', payload: null } };
const faults = [
  { pointer: '/run_at', message: 'Too far.' },
  { pointer: '/target/url', message: 'No URL.' },
];
const CREATE = ['POST', '/v1/tasks', { endpoint_id: 'ep_1', payload: { a: '<ü>' } }] as const;
const GET = ['GET', '/v1/tasks/run_1'] as const;
const CANCEL = ['POST', '/v1/tasks/run_1/cancel'] as const;
const FILTERS = 'label=a%3A1&label=b%3A2&since=2026-11-30T00%3A00%3A00.125Z&status=pending';
const pages = [
  { status: 200, body: { data: [{ id: 'run_5' }, { id: 'run_4' }], next_cursor: 'run_4' } },
  { status: 200, body: { data: [{ id: 'run_3' }, { id: 'run_2' }], next_cursor: 'run_2' } },
  { status: 200, body: { data: [{ id: 'run_1' }], next_cursor: null } },
];

const fed = (cursor: string, more: boolean, ...ids: string[]): Scripted => {
  const lines = [
    ...ids.map((id) => (id.startsWith('run') ? { type: 'task_run', version: 1, data: { id } } : attempt(id))),
    { type: 'page', data: { cursor, more } },
  ];
  return {
    status: 200,
    headers: { 'content-type': 'application/x-ndjson; charset=utf-8' },
    text: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  };
};
const attempt = (id: string) => ({ type: 'delivery_attempt', data: { id } });

const refused = (status: number, code: string, type: string): CallCase => ({
  name: `a ${status} is a ${type}, and not sent again`,
  call: 'cancel',
  script: [problem(status, code)],
  outcome: error(type, status, code),
  sent: [CANCEL],
});

/** What each client does, whatever its language. */
export const CALLS: readonly CallCase[] = [
  {
    name: 'a 503 is sent again under the same Idempotency-Key',
    call: 'create',
    script: [problem(503, 'unavailable'), run],
    outcome: { id: 'run_1' },
    sent: [CREATE, CREATE],
    waitsMs: 120,
  },
  {
    name: 'a network error, a 429 and a 500 are sent again under the same Idempotency-Key',
    call: 'create',
    script: ['drop', problem(429, 'quota_exceeded'), problem(500, 'internal'), run],
    outcome: { id: 'run_1' },
    sent: [CREATE, CREATE, CREATE, CREATE],
    waitsMs: 870,
  },
  {
    name: 'a key of the caller is sent as it is',
    call: 'create',
    options: { idempotency_key: 'reminder-1' },
    script: [run],
    outcome: { id: 'run_1' },
    sent: [CREATE],
  },
  {
    name: 'Retry-After is waited for, also of a 409 while the first request runs',
    call: 'create',
    script: [problem(409, 'still_running', {}, { 'retry-after': '1' }), run],
    outcome: { id: 'run_1' },
    sent: [CREATE, CREATE],
    waitsMs: 990,
  },
  {
    name: 'a Retry-After of an hour is told, and not waited for',
    call: 'create',
    script: [problem(429, 'quota_exceeded', {}, { 'retry-after': '3600' })],
    outcome: error('TooManyRequestsError', 429, 'quota_exceeded', { retry_after_seconds: 3600 }),
    sent: [CREATE],
  },
  {
    name: 'the retries end, with the last error',
    call: 'get',
    options: { retries: 2 },
    script: [problem(503, 'unavailable')],
    outcome: error('ApiError', 503, 'unavailable'),
    sent: [GET, GET, GET],
    waitsMs: 370,
  },
  {
    name: 'a loop is not sent again',
    call: 'create',
    script: [problem(508, 'loop_detected')],
    outcome: error('ApiError', 508, 'loop_detected'),
    sent: [CREATE],
  },
  {
    name: 'a 400 has every fault',
    call: 'create',
    script: [problem(400, 'invalid_request', { errors: faults })],
    outcome: error('InvalidRequestError', 400, 'invalid_request', {
      faults,
      message: 'Why.\n/run_at: Too far.\n/target/url: No URL.',
    }),
    sent: [CREATE],
  },
  refused(413, 'too_large', 'InvalidRequestError'),
  refused(415, 'unsupported_media_type', 'InvalidRequestError'),
  refused(422, 'key_reused', 'InvalidRequestError'),
  refused(401, 'unauthenticated', 'UnauthenticatedError'),
  refused(403, 'forbidden', 'ForbiddenError'),
  refused(404, 'not_found', 'NotFoundError'),
  refused(409, 'conflict', 'ConflictError'),
  {
    name: 'what is no answer of the API is an error all the same',
    call: 'get',
    script: [{ status: 404, text: '<h1>Nothing here</h1>', headers: { 'x-request-id': 'r2' } }],
    outcome: error('NotFoundError', 404, 'no_problem_document', {
      request_id: 'r2',
      message: "The server answered 404 Not Found, and not in the way of Punctual's API: <h1>Nothing here</h1>",
    }),
    sent: [GET],
  },
  {
    name: 'no answer at all is an UnreachableError',
    call: 'get',
    options: { retries: 1 },
    script: ['drop'],
    outcome: { error: { type: 'UnreachableError' } },
    sent: [GET, GET],
  },
  {
    name: 'a request that gets no answer in time is sent again, and then an UnreachableError',
    call: 'get',
    // The client counts from its start, and the server from the arrival, which may come late where all cases run at once.
    options: { retries: 1, timeout_ms: 1_000 },
    script: ['hang'],
    outcome: { error: { type: 'UnreachableError' } },
    sent: [GET, GET],
    waitsMs: 120,
  },
  {
    name: 'a success that is no JSON is no answer of the API',
    call: 'get',
    options: { retries: 1 },
    script: [{ status: 200, text: '<h1>Sign in to the network</h1>' }],
    outcome: { error: { type: 'UnreachableError' } },
    sent: [GET, GET],
  },
  {
    name: 'a list goes through three pages with its filters',
    call: 'items',
    script: pages,
    outcome: { ids: ['run_5', 'run_4', 'run_3', 'run_2', 'run_1'] },
    sent: [
      ['GET', `/v1/tasks?${FILTERS}`],
      ['GET', `/v1/tasks?cursor=run_4&${FILTERS}`],
      ['GET', `/v1/tasks?cursor=run_2&${FILTERS}`],
    ],
  },
  {
    name: 'a list asks for no page more than is needed',
    call: 'first',
    script: pages,
    outcome: { ids: ['run_5'] },
    sent: [['GET', '/v1/tasks']],
  },
  {
    name: 'an error in a list ends it',
    call: 'items',
    script: [pages[0]!, problem(401, 'unauthenticated')],
    outcome: error('UnauthenticatedError', 401, 'unauthenticated'),
    sent: [
      ['GET', `/v1/tasks?${FILTERS}`],
      ['GET', `/v1/tasks?cursor=run_4&${FILTERS}`],
    ],
  },
  {
    name: 'one page alone names the next one',
    call: 'page',
    script: [pages[1]!],
    outcome: { ids: ['run_3', 'run_2'], next_cursor: 'run_2' },
    sent: [['GET', '/v1/tasks?cursor=run_4&page_size=2']],
  },
  {
    name: 'the feed goes on from cursor to cursor: at once while there is more, else after a time',
    call: 'feed',
    script: [fed('a', true, 'run_1'), fed('b', false), fed('c', true, 'att_1', 'run_1')],
    outcome: { ids: ['run_1', 'att_1', 'run_1'] },
    sent: [
      ['GET', '/v1/feed?label=a%3A1&since=2026-11-30T00%3A00%3A00.125Z'],
      ['GET', '/v1/feed?cursor=a&label=a%3A1'],
      ['GET', '/v1/feed?cursor=b&label=a%3A1'],
    ],
    waitsMs: 490,
  },
  {
    name: 'an error in the feed ends it',
    call: 'feed',
    script: [problem(401, 'unauthenticated')],
    outcome: error('UnauthenticatedError', 401, 'unauthenticated'),
    sent: [['GET', '/v1/feed?label=a%3A1&since=2026-11-30T00%3A00%3A00.125Z']],
  },
  {
    name: 'a deletion has no answer',
    call: 'delete',
    script: [{ status: 204 }],
    outcome: {},
    sent: [['DELETE', '/v1/schedules/sch_1']],
  },
  {
    name: 'a field is given its default back by null',
    call: 'unset',
    script: [{ status: 200, body: { id: 'ep_1' } }],
    outcome: { id: 'ep_1' },
    sent: [['PATCH', '/v1/endpoints/ep_1', { status: 'paused', rate_limit_per_second: null }]],
  },
  {
    name: 'an id cannot leave its place in the path',
    call: 'escape',
    script: [problem(404, 'not_found')],
    outcome: error('NotFoundError', 404, 'not_found'),
    sent: [['GET', '/v1/tasks/a%2F..%3Fb']],
  },
  {
    name: 'the usage is asked for',
    call: 'usage',
    script: [{ status: 200, body: { id: 'not there' } }],
    outcome: {},
    sent: [['GET', '/v1/usage']],
  },
];

/** A call of Punctual that a receiver checks. */
export interface VerifyCase {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly secrets: readonly string[];
  /** Unix seconds of the moment that counts as now. */
  readonly now: number;
  readonly tolerance_seconds?: number;
  readonly outcome: object;
}

const SIGNED_AT = 1_796_040_000;
const [SECRET, OLD, OTHER] = ['new', 'old', 'other'].map((text) => `whsec_${Buffer.from(text).toString('base64')}`) as [
  string,
  string,
  string,
];
const BODY = '{"price": 10.00, "ü": "€"}';
const signature = (secret: string) => new Webhook(secret).sign('run_1', new Date(SIGNED_AT * 1000), BODY);
const HEADERS = {
  'Webhook-Id': 'run_1',
  'Webhook-Timestamp': String(SIGNED_AT),
  'Webhook-Signature': signature(SECRET),
  'Punctual-Attempt': '2',
  'Punctual-Scheduled-For': '2026-11-30T12:00:00.000Z',
  'Punctual-Schedule-Id': 'sch_1',
  'Punctual-Event-Name': 'invoice.paid',
  'Punctual-Event-Key': 'inv%2F1%20%C3%BC',
};
const GOOD = {
  id: 'run_1',
  signed_at: SIGNED_AT,
  attempt: 2,
  scheduled_for: 1_796_040_000,
  schedule_id: 'sch_1',
  event_name: 'invoice.paid',
  event_key: 'inv/1 ü',
  json: { price: 10, ü: '€' },
};
const received = (name: string, outcome: object, changes: Partial<VerifyCase> = {}): VerifyCase => ({
  name,
  headers: HEADERS,
  body: BODY,
  secrets: [SECRET],
  now: SIGNED_AT + 1,
  outcome,
  ...changes,
});
const signed = (...signatures: string[]) => ({ headers: { ...HEADERS, 'Webhook-Signature': signatures.join(' ') } });
const { 'Webhook-Signature': _, ...UNSIGNED } = HEADERS;

export const VERIFICATIONS: readonly VerifyCase[] = [
  received('a good call', GOOD),
  received('one of several secrets', GOOD, { secrets: [OTHER, SECRET] }),
  received('a rotated secret: the old one still signs', GOOD, {
    ...signed(signature(SECRET), signature(OLD)),
    secrets: [OLD],
  }),
  received('a rotated secret: the new one signs', GOOD, signed(signature(OLD), signature(SECRET))),
  received('another secret', { reason: 'no_match' }, { secrets: [OTHER] }),
  received('another body', { reason: 'no_match' }, { body: `${BODY} ` }),
  received('another id', { reason: 'no_match' }, { headers: { ...HEADERS, 'Webhook-Id': 'run_2' } }),
  received('another timestamp', { reason: 'no_match' }, { headers: { ...HEADERS, 'Webhook-Timestamp': '1796040001' } }),
  received('no signature', { reason: 'missing_header' }, { headers: UNSIGNED }),
  received('a signature of another version', { reason: 'no_match' }, signed(signature(SECRET).replace('v1,', 'v2,'))),
  received('a signature that is no base64', { reason: 'no_match' }, signed('v1,no base64', 'v1')),
  received('five minutes and more old', { reason: 'too_old' }, { now: SIGNED_AT + 310 }),
  received('five minutes and more ahead', { reason: 'too_new' }, { now: SIGNED_AT - 310 }),
  received('old, and that is allowed', GOOD, { now: SIGNED_AT + 310, tolerance_seconds: 400 }),
];
