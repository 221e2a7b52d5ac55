import type { Browser, Page } from 'playwright-core';
import { apiClient } from '../../local/api-client.js';
import { consoleLink } from '../../local/operator.js';
import type { HttpClient } from '../support/http-client.js';
import { startRealProvider } from '../support/real-provider.js';
import { World } from '../support/world.js';
import { openPage, signIn, startBrowser } from './browser.js';
import { inBrowser, PATIENCE_MS } from './seeded-console.js';

inBrowser('signing in', () => {
  let provider: Awaited<ReturnType<typeof startRealProvider>>;
  let world: World;
  let browser: Browser;
  let operator: HttpClient;

  beforeAll(async () => {
    [provider, browser] = await Promise.all([startRealProvider(), startBrowser()]);
    world = await World.start({ settings: { identityProvider: provider.settings } });
    await world.endpoint('/ok', { name: 'billing' });
    ({ operator } = await world.newProject());
  }, PATIENCE_MS);

  afterAll(async () => {
    await browser?.close();
    provider?.close();
    await world?.close();
  });

  const inTab = (act: (page: Page) => Promise<void>) => async () => {
    const { page, complaints } = await openPage(browser);
    await act(page);
    // The provider's page asks for a font of the web, which a test does not reach.
    expect(complaints.filter((words) => !words.includes('ERR_NAME_NOT_RESOLVED'))).toEqual([]);
    await page.context().close();
  };
  const keyField = 'Operator key or project key';
  const endpoints = () => `/endpoints?project=${world.project.id}`;
  const shown = (page: Page) => page.getByRole('link', { name: 'billing' }).waitFor();

  test(
    'outlasts a reload and reaches another tab, and a sign-out ends both',
    inTab(async (page) => {
      await signIn(page, world.stack.api, world.stack.operatorKey, endpoints());
      await shown(page);
      const [cookie] = await page.context().cookies();
      expect(cookie).toMatchObject({ name: 'punctual-session', httpOnly: true, sameSite: 'Strict', path: '/' });
      expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage, document.cookie])')).toBe('[{},{},""]');
      await page.reload();
      await shown(page);
      const tab = await page.context().newPage();
      await tab.goto(`${world.stack.api}/console${endpoints()}`);
      await shown(tab);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByLabel(keyField).waitFor();
      await tab.getByRole('link', { name: 'Retry policies' }).click();
      await tab.getByText('Your session has ended.').waitFor();
    }),
    PATIENCE_MS,
  );

  test(
    'by a console link, once',
    inTab(async (page) => {
      const link = await consoleLink(world.stack.api, apiClient(world.stack.api, operator.headers));
      await page.goto(link);
      await page.getByRole('link', { name: 'People' }).waitFor();
      expect(page.url()).not.toContain('portal');
      // The person is signed in already, so a used link changes nothing.
      await page.goto('about:blank');
      await page.goto(link);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByLabel(keyField).waitFor();
      await page.goto('about:blank');
      await page.goto(link);
      await page.getByText('This link has been used').waitFor();
      expect(await page.getByLabel(keyField).count()).toBe(1);
    }),
    PATIENCE_MS,
  );

  test(
    'by the key of a project shows that project alone, and nothing to administer',
    inTab(async (page) => {
      const { body } = await operator.post(`/v1/projects/${world.project.id}/keys`, { label: 'till' });
      await signIn(page, world.stack.api, body.key, endpoints());
      await shown(page);
      expect(await page.getByLabel('Project', { exact: true }).locator('option').count()).toBe(1);
      await page.getByRole('link', { name: 'New endpoint' }).waitFor();
      await page.getByRole('link', { name: 'Projects and keys' }).click();
      await page.getByRole('table').getByRole('link').first().click();
      await page.getByText('Keys and settings are for the project’s admins.').waitFor();
      expect(await page.getByRole('button', { name: 'New project' }).count()).toBe(0);
    }),
    PATIENCE_MS,
  );

  test(
    'by a portal link shows the one project, takes the token out of the address, and works once',
    inTab(async (page) => {
      const path = `/v1/projects/${world.project.id}/portal`;
      const { token } = (await operator.post(path, { name: 'Ada' })).body;
      const link = `${world.stack.api}/console${endpoints()}#portal=${token}`;
      await page.goto(link);
      await shown(page);
      expect(page.url()).not.toContain('portal');
      expect(await page.getByLabel('Project', { exact: true }).locator('option').count()).toBe(1);
      await page.reload();
      await shown(page);
      const { status } = await operator.post('/v1/sessions', { portal_token: token });
      expect(status).toBe(401);
    }),
    PATIENCE_MS,
  );

  test(
    'at a provider leads back to the page from which the person came',
    inTab(async (page) => {
      await page.goto(`${world.stack.api}/console${endpoints()}`);
      await page.getByRole('button', { name: 'Sign in with Example' }).click();
      await page.getByPlaceholder('Enter any login').fill('ada');
      await page.getByPlaceholder('and password').fill('any');
      await page.getByRole('button', { name: 'Sign-in' }).click();
      await page.getByRole('button', { name: 'Continue' }).click();
      await shown(page);
      expect(page.url()).toBe(`${world.stack.api}/console${endpoints()}`);
      await page.getByText('ada@example.com').waitFor();
    }),
    PATIENCE_MS,
  );

  test(
    'a page of another origin changes nothing, not even of the same host',
    async () => {
      const { page } = await openPage(browser);
      await signIn(page, world.stack.api, world.stack.operatorKey, endpoints());
      const before = (await operator.get('/v1/projects?page_size=100')).body.data.length;
      const tab = await page.context().newPage();
      await tab.goto(`${world.stack.receiver}/ok`);
      const answered: number[] = [];
      tab.on('response', (response) => response.url().includes('/v1/projects') && answered.push(response.status()));
      await tab.evaluate(`fetch('${world.stack.api}/v1/projects', { method: 'POST', mode: 'no-cors', credentials: 'include',
        body: '{"name": "forged"}' }).catch(() => {})`);
      await tab.evaluate(`(() => {
        const form = Object.assign(document.createElement('form'), { method: 'POST', action: '${world.stack.api}/v1/projects' });
        document.body.append(form);
        form.submit();
      })()`);
      await tab.waitForURL('**/v1/projects');
      expect(answered).toEqual([403, 403]);
      expect((await operator.get('/v1/projects?page_size=100')).body.data.length).toBe(before);
      await page.context().close();
    },
    PATIENCE_MS,
  );
});
