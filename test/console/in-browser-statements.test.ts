import type { Page } from 'playwright-core';
import { HttpClient } from '../support/http-client.js';
import { Tenant } from '../support/tenant.js';
import { barriersOn } from './barriers.js';
import { goTo } from './browser.js';
import { inBrowser, PATIENCE_MS, seededConsole } from './seeded-console.js';

inBrowser('what the pages say', () => {
  const { world, seeded, inConsole } = seededConsole();
  const at = (path: string, more = '') => `${path}?project=${seeded().project}${more}`;
  const open = (page: Page, path: string, more = '') => goTo(page, `/console${at(path, more)}`);

  /** The API for the seeded project. */
  async function client() {
    const { api, operatorKey } = world().stack;
    const { token } = (await new HttpClient(api).post('/v1/sessions', { operator_key: operatorKey })).body;
    const http = new HttpClient(api, { authorization: `Bearer ${token}` });
    return (path: string, body: object) =>
      http.post(`${path}?project_id=${seeded().project}`, body).then((answer) => answer.body);
  }

  test(
    'every moment names its zone, and one switch, kept in the address, changes the zone of all of them',
    async () => {
      const inNewYork = { timezoneId: 'America/New_York' };
      await inConsole(
        at(`/schedules/${seeded().schedule}`),
        async (page) => {
          const next = page.locator('.facts > div', { hasText: 'Next run' });
          await next
            .getByText(/^(.+, )?(20|21):30:00 GMT-[45]/)
            .first()
            .waitFor();
          // What the cron expression means is in its own zone, with the viewer's beside it.
          await page
            .getByText(/02:30:00 CES?T/)
            .first()
            .waitFor();
          await page
            .locator('.occurrences')
            .getByText(/(20|21):30:00 GMT-[45]/)
            .first()
            .waitFor();
          await page.getByLabel('Times shown in').selectOption('Times: of each schedule');
          await next
            .getByText(/^(.+, )?02:30:00 CES?T/)
            .first()
            .waitFor();
          await page.getByRole('link', { name: 'Overview' }).click();
          // Other schedules may have the same next moment.
          const nightly = page.getByRole('table', { name: 'Next fires' }).getByRole('row', { name: 'Nightly invoice' });
          await nightly.getByText(/02:30:00 CES?T/).waitFor();
          await page.getByLabel('Times shown in').selectOption('Times: UTC');
          await nightly.getByText(/0[01]:30:00 UTC/).waitFor();
          await page.getByText('UTC, logarithmic scale').first().waitFor();
          expect(new URL(page.url()).searchParams.get('zone')).toBe('utc');
          await page.reload();
          await nightly.getByText(/0[01]:30:00 UTC/).waitFor();
          const clocks = page.locator('time');
          for (const text of await clocks.allTextContents()) expect(text).toMatch(/\d\d:\d\d:\d\d UTC/);
        },
        inNewYork,
      );
    },
    PATIENCE_MS,
  );

  test(
    'an endpoint that was never called is said to be that, and no page says otherwise of one that failed',
    async () => {
      const post = await client();
      const fresh = await post('/v1/endpoints', { name: 'Never yet', url: `${world().stack.receiver}/ok` });
      await inConsole(at(`/endpoints/${fresh.id}`), async (page) => {
        await page.getByText('never called').waitFor();
        expect(await page.getByText('100 %').count()).toBe(0);
        await open(page, '/overview');
        const failures = page.getByRole('table', { name: 'Endpoints with failures' });
        const row = (name: string) => failures.getByRole('row', { name });
        await row('CRM')
          .getByText(/failing since/)
          .waitFor();
        await row('Search index').getByText('not failing').waitFor();
        await row('Search index').getByRole('link', { name: 'Search index' }).click();
        await page.getByText('not failing').waitFor();
        await page.getByRole('heading', { name: 'Last errors' }).waitFor();
        await open(page, '/endpoints');
        await page
          .getByRole('row', { name: 'CRM' })
          .getByText(/failing since/)
          .waitFor();
      });
    },
    PATIENCE_MS,
  );

  test(
    'the overview tells which alarms of CloudWatch ring, or that all are calm, or that there are none',
    async () => {
      await inConsole(at('/overview'), async (page) => {
        await page.getByText('runs on a laptop and has none').waitFor();
        const alarm = (name: string, state: string) => ({
          ...{ name, state, severity: 'urgent', since: '2026-03-01T21:00:00.000Z', reason: 'Threshold crossed' },
          ...{ meaning: `The section of ${name}`, runbook: '/docs/runbook#api-answers-5xx' },
        });
        const answer = (status: number, body: object) =>
          page.route('**/v1/alarms', (route) => route.fulfill({ status, json: body }), { times: 1 });
        await answer(200, { watched: true, data: [alarm('Api5xx', 'alarm'), alarm('StuckMessages', 'ok')] });
        await page.reload();
        const row = page.getByRole('table', { name: 'Alarms that ring' }).getByRole('row').nth(1);
        await row.getByRole('link', { name: 'The section of Api5xx' }).waitFor();
        for (const shown of ['Threshold crossed', 'urgent', 'alarm'])
          await row.getByText(shown, { exact: true }).waitFor();
        await page.getByText('1 of 2 are calm').waitFor();
        expect(await barriersOn(page)).toEqual([]);
        await answer(200, {
          watched: true,
          data: [alarm('Api5xx', 'insufficient_data'), alarm('StuckMessages', 'ok')],
        });
        await page.reload();
        await page.getByText('1 of 2 are calm. 1 have no data yet.').waitFor();
        expect(await page.getByRole('table', { name: 'Alarms that ring' }).count()).toBe(0);
        const problem = { type: 'about:blank', status: 429, title: 'Too Many Requests', code: 'rate_limited' };
        await answer(429, { ...problem, detail: 'Something went wrong.', request_id: 'r' });
        await page.reload();
        await page.getByText('Something went wrong.').waitFor();
        await page.getByRole('heading', { name: 'Next fires' }).waitFor();
      });
    },
    PATIENCE_MS,
  );

  test(
    'an event says how many task runs it has made, and none where no endpoint listens',
    async () => {
      const { project, api } = await world().newProject();
      const { id } = (await api.post('/v1/events', { event_name: 'nobody.listens' })).body;
      await inConsole(`/events/${id}?project=${project.id}`, async (page) => {
        await page.getByText('completed: no endpoint listens for this name').waitFor();
        await open(page, `/events/${seeded().event}`);
        await page.getByText('completed, 3 task runs').waitFor();
        expect(await page.locator('.data-table tbody tr').count()).toBe(3);
      });
    },
    PATIENCE_MS,
  );

  test(
    'a project that the session does not have is replaced by no other one, and one that is new is found',
    async () => {
      await inConsole('/runs?project=proj_0199c0de00017000a1b2c3d4e5f60718', async (page) => {
        await page.getByRole('heading', { name: 'There is no such project for you' }).waitFor();
        expect(await page.getByRole('table').count()).toBe(0);
        expect(await barriersOn(page)).toEqual([]);
        const { project } = await world().newProject();
        await goTo(page, `/console/endpoints?project=${project.id}`);
        await page.getByRole('button', { name: 'Look again' }).click();
        await page.getByRole('heading', { name: 'No endpoints yet' }).waitFor();
        await page.getByLabel('Project', { exact: true }).selectOption('Acme shop (production)');
        await page.getByRole('link', { name: 'Billing' }).waitFor();
      });
    },
    PATIENCE_MS,
  );

  test(
    'runs by hand and attempts of a replay contradict no count beside them',
    async () => {
      const post = await client();
      await inConsole(at(`/schedules/${seeded().schedule}`), async (page) => {
        await page.getByText('0 (without those that “Run now” made)').waitFor();
        await post(`/v1/dead-letters/${seeded().runs.dead.replace('run', 'dl')}/replay`, {});
        await open(page, `/runs/${seeded().runs.dead}`);
        await page.getByText('4 of at most 4 (each replay raises the limit)').waitFor();
      });
    },
    PATIENCE_MS,
  );

  test(
    'a schedule has its runs and its next occurrences on one axis, and in a table',
    async () => {
      await inConsole(at(`/schedules/${seeded().schedule}`), async (page) => {
        await page.getByRole('img', { name: /^Timeline: 6 task runs, 0 late, .*, 0 missed, [678] next$/ }).waitFor();
        await page.getByText('As a table').click();
        const table = page.getByRole('table', { name: 'Timeline' });
        expect(await table.getByRole('link').count()).toBe(6);
        await table.getByText('next', { exact: true }).first().waitFor();
        expect(await barriersOn(page)).toEqual([]);
        await page.getByLabel('Time to each side of now').selectOption('an hour before and after now');
        await page.getByRole('img', { name: /^Timeline: 6 task runs, .*, 0 next$/ }).waitFor();
      });
    },
    PATIENCE_MS,
  );

  test(
    'a first call that was late is marked, also where its endpoint has had hundred calls since',
    async () => {
      const tenant = new Tenant(await world().newProject());
      const { api, project } = tenant;
      const { id: endpoint_id } = await tenant.endpoint(`${world().stack.receiver}/ok`);
      await api.send('PATCH', `/v1/endpoints/${endpoint_id}`, { status: 'paused' });
      const cron = { name: 'Yearly', cron: '0 0 1 1 *', endpoint_id };
      const schedule = (await api.post('/v1/schedules', cron)).body.id;
      const run = (await api.post(`/v1/schedules/${schedule}/run`, {})).body.id;
      await new Promise((resolve) => setTimeout(resolve, 5_500));
      await api.send('PATCH', `/v1/endpoints/${endpoint_id}`, { status: 'active' });
      await tenant.reached(run, 'success');
      const tasks = Array.from({ length: 100 }, () => ({ endpoint_id }));
      for (const { task } of (await api.post('/v1/tasks/batch', { tasks })).body.data)
        await tenant.reached(task.id, 'success');
      await inConsole(`/schedules/${schedule}?project=${project.id}`, async (page) => {
        await page.getByRole('img', { name: /^Timeline: 1 task run, 1 late,/ }).waitFor();
      });
    },
    PATIENCE_MS,
  );

  test(
    'the calendar has what fires on each day of a week, and names what fires too often for it',
    async () => {
      await inConsole(at('/schedules'), async (page) => {
        await page.getByRole('link', { name: 'Calendar' }).click();
        await page.getByRole('heading', { name: 'Calendar' }).waitFor();
        const often = page.getByRole('region', { name: '50 times or more in the week' });
        await often.getByRole('link', { name: 'Refresh exchange rates' }).waitFor();
        await page.getByRole('link', { name: 'Next week' }).click();
        const week = page.locator('.week');
        await week.getByText('02:30').nth(6).waitFor();
        expect(await week.getByRole('link', { name: 'Nightly invoice run' }).count()).toBe(7);
        await week.getByText('4 times, 00:00 to 18:00').first().waitFor();
        // What is paused does not fire.
        expect(await page.getByText('Monthly statement').count()).toBe(0);
        expect(new URL(page.url()).searchParams.get('week')).toBe('1');
      });
    },
    PATIENCE_MS,
  );

  test(
    'the calendar has more schedules than a page of the list, and asks once for all that have the same times',
    async () => {
      const { project, api } = await world().newProject();
      const schedule = { cron: '0 3 * * *', target: { url: `${world().stack.receiver}/ok` } };
      for (let n = 0; n < 120; n++) await api.post('/v1/schedules', { ...schedule, name: `Of tenant ${n}` });
      await inConsole(`/overview?project=${project.id}`, async (page) => {
        let previews = 0;
        page.on('request', (request) => (previews += request.url().includes('/v1/schedules/preview') ? 1 : 0));
        await goTo(page, `/console/schedules/calendar?project=${project.id}&week=1`);
        const days = page.locator('.day');
        await days.nth(6).getByText('100 more').click();
        expect(await days.nth(6).getByRole('link').count()).toBe(120);
        expect(previews).toBe(1);
        expect(await barriersOn(page)).toEqual([]);
      });
    },
    PATIENCE_MS,
  );
});
