import { MethodNotAllowedError } from '../../../../functions/api/http/problem.js';
import { type Route, route } from '../../../../functions/api/http/route.js';
import { createRouter } from '../../../../functions/api/http/router.js';
import { NotFoundError } from '../../../../functions/primitives/faults.js';

const row = (method: Route['method'], path: string) =>
  route(`${method} ${path}`, {
    access: 'public',
    needs: 'nothing',
    summary: '',
    handle: async () => ({ status: 200 }),
  });

const find = createRouter([
  row('GET', '/v1/tasks/{id}'),
  row('POST', '/v1/tasks/{id}/cancel'),
  row('POST', '/v1/tasks/batch'),
  row('GET', '/v1/tasks'),
  row('DELETE', '/v1/projects/{id}/keys/{key_id}'),
]);

function allowed(method: string, path: string): readonly string[] {
  try {
    find(method, path);
  } catch (error) {
    if (error instanceof MethodNotAllowedError) return error.allowed;
    throw error;
  }
  throw new Error('found');
}

test('finds the row and reads its parameters', () => {
  const { route: found, params } = find('DELETE', '/v1/projects/p/keys/k');
  expect([found.path, params]).toEqual(['/v1/projects/{id}/keys/{key_id}', { id: 'p', key_id: 'k' }]);
});

test('a literal segment wins over a parameter', () => {
  expect(find('POST', '/v1/tasks/batch').route.path).toBe('/v1/tasks/batch');
});

test('HEAD is GET', () => {
  expect(find('HEAD', '/v1/tasks').route.path).toBe('/v1/tasks');
});

test.each(['/', '', '/v1', '/v1/tasks/', '/v1/tasks//cancel', '/V1/tasks', '/v1/tasks/a/b/c', '//v1/tasks'])(
  '404 for %j',
  (path) => {
    expect(() => find('GET', path)).toThrow(NotFoundError);
  },
);

test('405 names what the path takes', () => {
  expect(allowed('DELETE', '/v1/tasks')).toEqual(['GET', 'HEAD']);
  expect(allowed('PATCH', '/v1/tasks/x/cancel')).toEqual(['POST']);
  expect(allowed('OPTIONS', '/v1/tasks/batch')).toEqual(['GET', 'HEAD', 'POST']);
});
