import { bodyText, JsonText } from '../api/exact-payload.js';
import { onLines } from './form-values.js';

/** Calls of the API that forms make, as the clients name them: group, method, and the type of the body in Go. */
const CALLS = {
  '/v1/events': ['events', 'publish', 'NewEvent'],
  '/v1/endpoints': ['endpoints', 'create', 'NewEndpoint'],
  '/v1/schedules': ['schedules', 'create', 'NewSchedule'],
  '/v1/retry-policies': ['retryPolicies', 'create', 'NewRetryPolicy'],
  '/v1/tasks/{id}/resend': ['tasks', 'resend', 'Resending'],
  '/v1/tasks/cancel': ['tasks', 'cancelAll', 'NewBulkCancel'],
  '/v1/dead-letters/{id}/resolve': ['deadLetters', 'resolve', 'Resolution'],
  '/v1/dead-letters/replay': ['deadLetters', 'replayAll', 'NewBulkReplay'],
  '/v1/dead-letters/resolve': ['deadLetters', 'resolveAll', 'NewBulkResolution'],
  '/v1/endpoints/{id}/recover': ['endpoints', 'recover', 'Recovery'],
  '/v1/endpoints/{id}': ['endpoints', 'update', 'EndpointPatch'],
  '/v1/schedules/{id}': ['schedules', 'update', 'SchedulePatch'],
  '/v1/retry-policies/{id}': ['retryPolicies', 'update', 'RetryPolicyPatch'],
} as const;

/** Calls that a person's session makes. The clients have an API key, and no method for them. */
const OF_PERSONS = {
  '/v1/projects': 'POST',
  '/v1/projects/{id}': 'PATCH',
  '/v1/projects/{id}/keys': 'POST',
} as const;

/** A call of the API, as a form would make it. */
export interface ApiCall {
  readonly path: keyof typeof CALLS | keyof typeof OF_PERSONS;
  /** Of the object in the path. */
  readonly id?: string;
  readonly body: object;
}

/** How each language writes a call, by the language's name. */
export const LANGUAGES: Readonly<Record<string, (call: ApiCall, origin: string) => string>> = {
  curl: (call, origin) => {
    const { method, path, json } = requestOf(call);
    return commandAt(origin, method, path, json, isOfClient(call) ? KEY : '"Authorization: Bearer $TOKEN"');
  },
  TypeScript: (call, origin) => (isOfClient(call) ? inTypeScript(call) : byFetch(requestOf(call), origin)),
  Python: (call, origin) => (isOfClient(call) ? inPython(call) : byHttpx(requestOf(call), origin)),
  Go: (call, origin) => (isOfClient(call) ? inGo(call) : byNetHttp(requestOf(call), origin)),
};

const KEY = '"X-API-Key: $KEY"';

type ClientCall = ApiCall & { readonly path: keyof typeof CALLS };
const isOfClient = (call: ApiCall): call is ClientCall => call.path in CALLS;

const isChange = (path: ApiCall['path']): boolean =>
  path in CALLS
    ? CALLS[path as keyof typeof CALLS][1] === 'update'
    : OF_PERSONS[path as keyof typeof OF_PERSONS] === 'PATCH';

interface PlainRequest {
  readonly method: 'POST' | 'PATCH';
  readonly path: string;
  /** JSON on lines. */
  readonly json: string;
}

const requestOf = ({ path, id = '', body }: ApiCall): PlainRequest => ({
  method: isChange(path) ? 'PATCH' : 'POST',
  path: path.replace('{id}', id),
  json: onLines(bodyText(body)),
});

const byFetch = ({ method, path, json }: PlainRequest, origin: string): string =>
  [
    `await fetch('${origin}${path}', {`,
    `  method: '${method}',`,
    "  headers: { Authorization: 'Bearer ' + token, 'Content-Type': 'application/json' },",
    `  body: JSON.stringify(${indented(json, '  ')}),`,
    '});',
  ].join('\n');

const byHttpx = ({ method, path, json }: PlainRequest, origin: string): string =>
  [
    `httpx.${method.toLowerCase()}(`,
    `    "${origin}${path}",`,
    '    headers={"Authorization": f"Bearer {token}"},',
    `    json=${indented(pythonText(json), '    ')},`,
    ')',
  ].join('\n');

const byNetHttp = ({ method, path, json }: PlainRequest, origin: string): string =>
  [
    `body := strings.NewReader(${rawString(json)})`,
    `request, err := http.NewRequestWithContext(ctx, "${method}", "${origin}${path}", body)`,
    'if err != nil {',
    '\treturn err',
    '}',
    'request.Header.Set("Authorization", "Bearer "+token)',
    'request.Header.Set("Content-Type", "application/json")',
    'response, err := http.DefaultClient.Do(request)',
  ].join('\n');

const indented = (text: string, by: string): string => text.replaceAll('\n', `\n${by}`);

/** A change of nothing. */
export const isIdle = ({ path, body }: ApiCall): boolean => isChange(path) && isEmpty(body);

/** A `curl` command that works as pasted if $KEY holds an API key of the project. */
export function commandAt(
  origin: string,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  json?: string,
  credential = KEY,
): string {
  const head = `curl -sS ${method === 'GET' ? '' : `-X ${method} `}${origin}${path} -H ${credential}`;
  if (json === undefined) return head;
  return `${head} \\\n  -H 'Content-Type: application/json' -d '${json.replaceAll("'", "'\\''")}'`;
}

function inTypeScript({ path, id, body }: ClientCall): string {
  const [group, method] = CALLS[path];
  return `await punctual.${group}.${method}(${id ? `${JSON.stringify(id)}, ` : ''}${onLines(bodyText(body))});`;
}

function inPython({ path, id, body }: ClientCall): string {
  const [group, method] = CALLS[path];
  const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return `punctual.${snake(group)}.${snake(method)}(${id ? `${JSON.stringify(id)}, ` : ''}${pythonText(onLines(bodyText(body)))})`;
}

const PYTHON: Readonly<Record<string, string>> = { true: 'True', false: 'False', null: 'None' };

/** JSON as Python writes it: numbers keep their digits, three words differ, and strings have escapes that both know. */
const pythonText = (json: string): string =>
  json.replace(/"(?:[^"\\]|\\.)*"|\b(?:true|false|null)\b/g, (token) =>
    token.startsWith('"') ? JSON.stringify(JSON.parse(token)) : PYTHON[token]!,
  );

/**
 * The payload goes as its own text; the rest has no number that Go would change. A type of Go leaves out what is
 * empty: a change names it, so that it gets its default, which is empty.
 */
function inGo({ path, id, body }: ClientCall): string {
  const [group, method, type] = CALLS[path];
  const { payload, ...others } = body as { readonly payload?: unknown };
  const empty = isChange(path) ? Object.keys(others).filter((name) => isEmpty(others[name as never])) : [];
  const rest = Object.fromEntries(Object.entries(others).filter(([name]) => !empty.includes(name)));
  const nulls = empty.length > 0 ? `, punctual.Null(${empty.map((name) => JSON.stringify(name)).join(', ')})` : '';
  const upper = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
  return [
    `var body punctual.${type}`,
    `if err := json.Unmarshal([]byte(${rawString(onLines(JSON.stringify(rest)))}), &body); err != nil {`,
    '\treturn err',
    '}',
    ...(payload === undefined ? [] : [`body.Payload = json.RawMessage(${rawString(payloadJson(payload))})`]),
    `result, err := client.${upper(group)}.${upper(method)}(ctx, ${id ? `${JSON.stringify(id)}, ` : ''}body${nulls})`,
  ].join('\n');
}

const isEmpty = (value: unknown): boolean =>
  value === null || (typeof value === 'object' && Object.keys(value).length === 0);

const payloadJson = (payload: unknown): string =>
  payload instanceof JsonText ? onLines(payload.text) : JSON.stringify(payload);

/** A raw string of Go, which has no backtick: within JSON one stands only in a string, which can escape it. */
const rawString = (json: string): string => `\`${json.replaceAll('`', '\\u0060')}\``;
