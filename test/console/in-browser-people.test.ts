import type { Browser, Page } from 'playwright-core';
import { eventually } from '../support/eventually.js';
import { HttpClient } from '../support/http-client.js';
import { barriersOn } from './barriers.js';
import { goTo, openPage } from './browser.js';
import { inBrowser, PATIENCE_MS, seededConsole } from './seeded-console.js';

/** After it a page has shown what it read. */
const SETTLED_MS = 500;
const DIALOG = 'wa-dialog[open]';

inBrowser('people and what they may do', () => {
  const { world, browser, seeded, inConsole } = seededConsole();

  async function operator(): Promise<HttpClient> {
    const { api, operatorKey } = world().stack;
    const { token } = (await new HttpClient(api).post('/v1/sessions', { operator_key: operatorKey })).body;
    return new HttpClient(api, { authorization: `Bearer ${token}` });
  }

  /** Each action by the page that has it, and what it needs. */
  function actions(): readonly [needs: 'publish' | 'manage', path: string, name: string][] {
    const { runs, schedule, endpoint, policy, webhook } = seeded();
    return [
      ['publish', `/runs/${runs.retrying}`, 'Retry now'],
      ['publish', `/runs/${runs.dead}`, 'Replay'],
      ['publish', `/dead-letters/${runs.dead.replace('run', 'dl')}`, 'Resolve…'],
      ['publish', '/dead-letters', 'Replay all that match…'],
      ['publish', '/dead-letters', 'Resolve all that match…'],
      ['publish', '/runs', 'Cancel all that match…'],
      ['publish', `/schedules/${schedule}`, 'Run now'],
      ['publish', `/endpoints/${endpoint}`, 'Send a test'],
      ['publish', `/endpoints/${endpoint}`, 'Recover…'],
      ['publish', `/webhooks/${webhook}`, 'Send a test'],
      ['publish', '/events', 'Publish an event'],
      ['publish', '/events/new', 'Publish'],
      ['manage', '/schedules', 'New schedule'],
      ['manage', '/schedules/new', 'Create schedule'],
      ['manage', `/schedules/${schedule}`, 'Edit'],
      ['manage', `/schedules/${schedule}`, 'Delete'],
      ['manage', `/schedules/${schedule}/edit`, 'Save changes'],
      ['manage', '/endpoints', 'New endpoint'],
      ['manage', '/endpoints/new', 'Create endpoint'],
      ['manage', `/endpoints/${endpoint}`, 'Pause'],
      ['manage', `/endpoints/${endpoint}`, 'Edit'],
      ['manage', `/endpoints/${endpoint}`, 'Rotate secret'],
      ['manage', `/endpoints/${endpoint}`, 'Delete'],
      ['manage', `/endpoints/${endpoint}/edit`, 'Save changes'],
      ['manage', '/retry-policies', 'New retry policy'],
      ['manage', '/retry-policies/new', 'Create retry policy'],
      ['manage', `/retry-policies/${policy}`, 'Save changes'],
      ['manage', '/webhooks', 'New webhook'],
      ['manage', '/webhooks/new', 'Register'],
      ['manage', `/webhooks/${webhook}`, 'Save events'],
    ];
  }

  const named = (page: Page, name: string) =>
    page
      .locator('main')
      .locator(`button, a.button`)
      .filter({ hasText: new RegExp(`^${name}$`) });

  async function asKey(by: Browser, scopes: readonly string[], act: (page: Page) => Promise<void>): Promise<void> {
    const { project } = seeded();
    const { key } = (await (await operator()).post(`/v1/projects/${project}/keys`, { label: 'some', scopes })).body;
    const { page, complaints } = await openPage(by);
    try {
      await page.goto(`${world().stack.api}/console/runs?project=${project}`);
      await page.getByLabel('Operator key or project key').fill(key);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('navigation', { name: 'Pages', exact: true }).waitFor();
      await act(page);
      expect(complaints).toEqual([]);
    } finally {
      await page.context().close();
    }
  }

  test.each([
    { scopes: ['read', 'publish', 'manage', 'audit'] },
    { scopes: ['read', 'publish'] },
    { scopes: ['read', 'manage'] },
    { scopes: ['read'] },
  ])(
    'a session with $scopes is shown those actions, and no other is there',
    async ({ scopes }) => {
      await asKey(browser(), scopes, async (page) => {
        const { project } = seeded();
        for (const [needs, path, name] of actions()) {
          await goTo(page, `/console${path}?project=${project}`);
          if (scopes.includes(needs)) await named(page, name).first().waitFor();
          else {
            await page.locator('main :is(h1, p)').first().waitFor();
            await page.waitForTimeout(SETTLED_MS);
            expect([path, name, await named(page, name).count()]).toEqual([path, name, 0]);
          }
        }
        const links = page.getByRole('navigation', { name: 'Pages', exact: true });
        expect(await links.getByRole('link', { name: 'Audit' }).count()).toBe(scopes.includes('audit') ? 1 : 0);
      });
    },
    PATIENCE_MS,
  );

  test(
    'sessions are listed, one of another person is ended, and all of a person',
    async () => {
      const { api } = world().stack;
      const { project } = seeded();
      const link = async () =>
        (await (await operator()).post(`/v1/projects/${project}/portal`, { name: 'Grace Hopper' })).body.token;
      const enter = async () => (await new HttpClient(api).post('/v1/sessions', { portal_token: await link() })).body;
      const status = async ({ token }: { token: string }) =>
        (await new HttpClient(api, { authorization: `Bearer ${token}` }).get('/v1/sessions/current')).status;
      const [first, second, third] = [await enter(), await enter(), await enter()];
      await inConsole(`/people?project=${project}`, async (page) => {
        const rows = page.getByRole('row').filter({ hasText: 'Grace Hopper' });
        await rows.first().waitFor();
        expect(await rows.count()).toBe(3);
        expect(await rows.first().textContent()).toMatch(/by portal link; viewer.*from 127\.0\.0\.1/);
        await page.getByRole('row').filter({ hasText: 'this session' }).waitFor();
        await rows.first().getByRole('button', { name: 'End', exact: true }).click();
        await eventually('the row is gone', async () => (await rows.count()) === 2);
        expect(await Promise.all([first, second, third].map(status))).toEqual([200, 200, 401]);
        await rows.first().getByRole('button', { name: 'End all' }).click();
        await page.locator(DIALOG).getByText('The person can sign in again').waitFor();
        expect(await barriersOn(page)).toEqual([]);
        await page.locator(DIALOG).getByRole('button', { name: 'End all' }).click();
        await rows.first().waitFor({ state: 'detached' });
        expect(await Promise.all([first, second].map(status))).toEqual([401, 401]);
      });
    },
    PATIENCE_MS,
  );

  test(
    'a key is made with scopes and an end, and listed with them and its last use',
    async () => {
      const { project } = seeded();
      await inConsole(`/projects/${project}?project=${project}`, async (page) => {
        await page.getByRole('table', { name: 'Usage' }).waitFor();
        await page.getByRole('button', { name: 'New key' }).click();
        const dialog = page.locator(DIALOG);
        await dialog.getByLabel('Label').fill('reporting');
        await dialog.getByLabel(/^publish/).uncheck();
        await dialog.getByLabel(/^manage/).uncheck();
        await dialog.getByLabel('Until').fill('2030-01-31T12:00');
        expect(await barriersOn(page)).toEqual([]);
        await dialog.getByRole('button', { name: 'Create key' }).click();
        const key = await dialog.getByText(/^sk_/).textContent();
        await dialog.getByRole('button', { name: /^I have copied/ }).click();
        const row = page.getByRole('row').filter({ hasText: 'reporting' });
        expect(await row.textContent()).toMatch(/read, audit.*31 Jan 2030, 12:00:00.*never/);
        const client = new HttpClient(world().stack.api, { 'x-api-key': key! });
        expect((await client.get('/v1/endpoints')).status).toBe(200);
        expect((await client.post('/v1/retry-policies', { name: 'x' })).status).toBe(403);
        await row.getByText('from 127.0.0.1').waitFor();
      });
    },
    PATIENCE_MS,
  );

  test(
    'the audit tells who changed what, newest first, and what it was before',
    async () => {
      const { project, endpoint } = seeded();
      const client = await operator();
      const { name } = (await client.get(`/v1/endpoints/${endpoint}`)).body;
      const changed = { name: `${name}, renamed` };
      await client.send('PATCH', `/v1/endpoints/${endpoint}?project_id=${project}`, changed);
      await inConsole(`/audit?project=${project}&hours=1`, async (page) => {
        const row = page.getByRole('row').nth(1);
        await row.getByText(`PATCH /v1/endpoints/${endpoint}`).waitFor();
        expect(await row.textContent()).toMatch(/operator.*from 127\.0\.0\.1.*200$/s);
        await row.getByText('Before and after').click();
        await row.getByLabel('Before', { exact: true }).getByText(`"name": "${name}"`).waitFor();
        await row.getByLabel('After', { exact: true }).getByText(`"name": "${changed.name}"`).waitFor();
        expect(await barriersOn(page)).toEqual([]);
      });
    },
    PATIENCE_MS,
  );
});
