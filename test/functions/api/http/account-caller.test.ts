import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { withoutPrefix } from '../../../../functions/api/http/account-caller.js';
import { problemOf } from '../../../../functions/api/http/problem.js';
import { createApi } from '../../../../functions/api/http/serve.js';
import { routes } from '../../../../functions/api/routes/routes.js';
import { iamCallers } from '../../../../functions/subjects/projects/iam-callers.js';
import { anEvent, type Call } from '../../../support/api-under-test.js';
import { startWholeApi, type Tenant, type WholeApi } from '../../../support/whole-api.js';

const session = (role: string) => `arn:aws:sts::123456789012:assumed-role/${role}/a-session`;

let api: WholeApi;
let tenant: Tenant;
let serve: (event: APIGatewayProxyEventV2) => Promise<{ status: number; detail?: string; body?: unknown }>;

beforeAll(async () => {
  api = await startWholeApi();
  tenant = await api.newTenant();
  const role = (name: string) => `arn:aws:iam::123456789012:role/service/${name}`;
  const callers = iamCallers([
    [role('reader'), tenant.project, 'read'],
    [role('shop'), tenant.project, 'read', 'publish', 'manage'],
    [role('lost'), 'proj_00000000000070008000000000000000', 'read'],
  ]);
  const settings = { ...api.ports.settings, iamCallers: callers };
  const handle = createApi(routes, { ...api.ports, settings });
  serve = (event) => handle(withoutPrefix(event)).catch((error) => problemOf(error));
});
afterAll(() => api.close());

/** What API Gateway makes of a request whose signature it has checked. */
function signed(arn: string, method: string, path: string, call: Call = {}): APIGatewayProxyEventV2 {
  const event = anEvent(method, `/iam${path}`, call);
  const headers = { ...event.headers, authorization: 'AWS4-HMAC-SHA256 Credential=…' };
  return {
    ...event,
    headers,
    requestContext: { ...event.requestContext, authorizer: { iam: { userArn: arn } } } as never,
  };
}

test.each<[string, string, string, object | undefined, number]>([
  ['reader', 'GET', '/v1/tasks', undefined, 200],
  ['reader', 'POST', '/v1/events', { event_name: 'x' }, 403],
  ['shop', 'POST', '/v1/events', { event_name: 'x' }, 202],
  ['shop', 'POST', '/v1/retry-policies', { name: 'x', strategy: 'fixed' }, 201],
  ['shop', 'GET', '/v1/audit', undefined, 403],
  ['shop', 'GET', '/v1/projects', undefined, 403],
  ['shop', 'POST', '/v1/projects', { name: 'x' }, 403],
  ['shop', 'GET', '/v1/sessions/ses_x', undefined, 403],
  ['stranger', 'GET', '/v1/tasks', undefined, 403],
  ['lost', 'GET', '/v1/tasks', undefined, 404],
])('the role %s is answered %s %s: %s → %d', async (role, method, path, body, status) => {
  const answer = await serve(signed(session(role), method, path, { body }));
  expect([answer.status, answer.detail ?? '']).toEqual([status, expect.any(String)]);
  if (role === 'stranger') expect(answer.detail).toContain(session(role));
});

test('a role sees its own project alone', async () => {
  const other = await api.newTenant();
  expect((await serve(signed(session('shop'), 'GET', `/v1/tasks?project_id=${other.project}`))).status).toBe(404);
});

test('its changes are in the audit under its name', async () => {
  await serve(signed(session('shop'), 'POST', '/v1/retry-policies', { body: { name: 'mine', strategy: 'fixed' } }));
  const { text } = await api.call('GET', '/v1/audit', { headers: tenant.key });
  expect(text).toContain(`{"type":"account","name":"${session('shop')}"}`);
});

test('a key beside the signature is refused, as any two credentials are', async () => {
  const answer = await serve(signed(session('shop'), 'GET', '/v1/tasks', { headers: tenant.key }));
  expect([answer.status, answer.detail]).toEqual([401, expect.stringContaining('Send one credential only')]);
});

test.each<[string, string, Call]>([
  ['the path alone', '/iam/v1/tasks', {}],
  [
    'a context in the body',
    '/v1/events',
    { body: { requestContext: { authorizer: { iam: { userArn: session('shop') } } } } },
  ],
  [
    'headers that name one',
    '/v1/tasks',
    { headers: { 'x-amzn-iam-arn': session('shop'), requestcontext: session('shop') } },
  ],
  [
    'a signature that API Gateway was not asked to check',
    '/v1/tasks',
    { headers: { authorization: 'AWS4-HMAC-SHA256 x' } },
  ],
])('without API Gateway’s own word there is no such caller: %s', async (_what, path, call) => {
  const method = call.body ? 'POST' : 'GET';
  expect([401, 404]).toContain((await serve(anEvent(method, path, call))).status);
});

test('an empty ARN is no caller', async () => {
  expect((await serve(signed('', 'GET', '/v1/tasks'))).status).toBe(403);
});
