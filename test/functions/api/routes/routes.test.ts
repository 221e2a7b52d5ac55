import { routes } from '../../../../functions/api/routes/routes.js';
import { startApi } from '../../../support/api-under-test.js';

let api: Awaited<ReturnType<typeof startApi>>;
beforeAll(async () => {
  api = await startApi(routes);
});
afterAll(() => api.close());

const rows = routes.map(({ method, path, access, summary }) => ({ method, path, access, summary }));

test('no row stands twice', () => {
  const names = rows.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`);
  expect(names).toEqual([...new Set(names)]);
});

test('health, what is to be read and signing in alone are public', () => {
  const open = rows.filter(({ access }) => access === 'public').map(({ method, path }) => `${method} ${path}`);
  const read = ['GET /v1/healthz', 'GET /llms.txt', 'GET /openapi.json', 'GET /docs'];
  const signIn = ['POST /v1/sessions', 'GET /v1/sign-in', 'POST /v1/sign-in', 'GET /v1/sign-in/callback'];
  expect(open).toEqual([...read, ...signIn]);
});

test.each(rows.filter(({ access }) => access !== 'public'))(
  '$method $path asks who is there',
  async ({ method, path }) => {
    const answer = await api.call(method, path.replace(/\{\w+\}/g, 'x'), { body: '{"malformed' });
    expect(answer.status).toBe(401);
  },
);

test.each(rows)('$method $path is told from its neighbours, and described', async ({ path, summary }) => {
  const answer = await api.call('TRACE', path.replace(/\{\w+\}/g, 'x'));
  expect(answer.status).toBe(405);
  expect(answer.headers['allow']).toMatch(/^[A-Z]+(, [A-Z]+)*$/);
  expect(summary).toMatch(/^[A-Z].*\.$/s);
});
