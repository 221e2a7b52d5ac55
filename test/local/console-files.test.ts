import { consolePolicy } from '../../lib/console-headers.js';
import { consoleFiles, isConsolePath } from '../../local/console-files.js';

const serve = consoleFiles();

test.each([
  ['/console', true],
  ['/console/', true],
  ['/console/runs/run_1', true],
  ['/consoles', false],
  ['/v1/console', false],
  ['/docs', false], // a page of the API
  ['/docs/', true],
  ['/docs/guides/verify', true],
])('whether %s is the console: %s', (path, expected) => {
  expect(isConsolePath(path)).toBe(expected);
});

test('every page is the one page, which nothing keeps, under the policy that is deployed', async () => {
  const [first, deep] = await Promise.all([serve('/console'), serve('/console/runs/run_1')]);
  expect(first.status).toBe(200);
  expect(first.headers).toMatchObject({
    'content-security-policy': consolePolicy(),
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
  });
  expect(deep).toEqual(first);
});

test('what the page names is there, for ever', async () => {
  const page = String((await serve('/console/')).body);
  const named = [...page.matchAll(/\/console\/assets\/[^"]+/g)].map(([path]) => path);
  expect(named.length).toBeGreaterThan(1);
  for (const path of named) {
    const { status, headers } = await serve(path);
    expect([status, headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
    expect(headers['content-type']).toMatch(/^(text\/javascript|text\/css|image\/svg\+xml)/);
  }
});

test.each(['/console/assets/none.js', '/console/assets/../../../../package.json', '/console/assets/'])(
  '%s is not there',
  async (path) => {
    expect((await serve(path)).status).toBe(404);
  },
);
