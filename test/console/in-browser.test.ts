import { Tenant } from '../support/tenant.js';
import { barriersOn } from './barriers.js';
import { goTo, openPage } from './browser.js';
import { inBrowser, PATIENCE_MS, seededConsole } from './seeded-console.js';
import { shownPages } from './shown-pages.js';

inBrowser('the console', () => {
  const { world, browser, seeded, inConsole } = seededConsole();

  test(
    'asks for the operator key, says when it is wrong, and goes on where one was',
    async () => {
      const { page, complaints } = await openPage(browser());
      const path = `/console/schedules?project=${seeded().project}`;
      await page.goto(world().stack.api + path);
      await page.getByLabel('Operator key or project key').fill('a wrong one');
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByText('This is not the operator key.').waitFor();
      await page.getByLabel('Operator key or project key').fill(world().stack.operatorKey);
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: 'Nightly invoice run' }).waitFor();
      expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe(path);
      // No script sees the session.
      expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage, document.cookie])')).toBe('[{},{},""]');
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByLabel('Operator key or project key').waitFor();
      expect(complaints).toEqual([]);
      await page.context().close();
    },
    PATIENCE_MS,
  );

  test(
    'makes an endpoint and a schedule, and shows a run reach success as it goes',
    async () => {
      await inConsole(`/endpoints?project=${seeded().project}`, async (page) => {
        await page.getByRole('link', { name: 'New endpoint' }).click();
        await page.getByLabel('Name').fill('Slow but sure');
        await page.getByLabel('URL').fill(`${world().stack.receiver}/slow/3000`);
        await page.getByRole('button', { name: 'Create endpoint' }).click();
        await page.getByText(/^whsec_/).waitFor();
        await page.getByRole('button', { name: /^I have copied/ }).click();
        await page.getByRole('heading', { name: 'Slow but sure' }).waitFor();

        await page.getByRole('link', { name: 'Schedules' }).click();
        await page.getByRole('link', { name: 'New schedule' }).click();
        await page.getByLabel('Name').fill('Every new year');
        await page.getByLabel('Cron expression').fill('0 0 1 1');
        await page.getByText(/5 fields|five fields/i).waitFor();
        await page.getByLabel('Cron expression').fill('0 0 1 1 *');
        await page.getByText('on day 1 of the month').waitFor();
        await page.getByLabel('Endpoint').selectOption('Slow but sure');
        await page.getByLabel('Payload').fill('{"year": 2030}');
        await page.getByRole('button', { name: 'Create schedule' }).click();
        await page.getByRole('heading', { name: 'Every new year' }).waitFor();

        await page.getByRole('button', { name: 'Run now' }).click();
        await page.getByText('One task run is made at once, and calls Slow but sure.').waitFor();
        await page.locator('wa-dialog[open]').getByRole('button', { name: 'Run now' }).click();
        await page.getByRole('heading', { name: /^Task run .*: Every new year$/ }).waitFor();
        const lamp = page.locator('.page-header .lamp');
        await lamp.and(page.locator('[data-status=running]')).waitFor();
        await lamp.and(page.locator('[data-status=success]')).waitFor();
        await page.getByText('Delivered').waitFor();
      });
    },
    PATIENCE_MS,
  );

  test(
    'shows why a run failed: its attempts, with what was sent and answered',
    async () => {
      await inConsole(`/runs?project=${seeded().project}&status=dead_letter`, async (page) => {
        await page.getByRole('table').waitFor();
        expect(await page.locator('tbody .lamp').count()).toBeGreaterThan(3);
        expect(await page.locator('tbody .lamp:not([data-status=dead_letter])').count()).toBe(0);
        await page.locator(`a[title=${seeded().runs.dead}]`).click();
        await page.getByText('Became a dead letter').waitFor();
        expect(await page.getByText(/answered 503/).count()).toBe(2);
        const compared = page.getByRole('table', { name: 'Attempts compared' });
        expect(await compared.locator('tbody tr').count()).toBe(2);
        await compared.getByText('as before').waitFor();
        const phases = page.getByRole('list', { name: 'Where the time went' });
        expect(await phases.count()).toBe(2);
        expect(await phases.last().textContent()).toMatch(/first byte \d+ ms.*body \d+ ms/);
        expect(await compared.locator('.waterfall .phase-first_byte').count()).toBe(2);
        const bodies = page.getByLabel(/^Response body of attempt/);
        expect(await bodies.nth(1).isVisible()).toBe(true);
        expect(await bodies.first().isVisible()).toBe(false);
        await page.getByText('Request and response').first().click();
        expect(await bodies.first().textContent()).toContain('stock_service_unavailable');
      });
    },
    PATIENCE_MS,
  );

  test(
    'watches runs live: the rows of the list change, new ones wait, and nothing is asked while it is paused',
    async () => {
      const tenant = new Tenant(await world().newProject());
      const { receiver } = world().stack;
      const slow = await tenant.task((await tenant.endpoint(`${receiver}/slow/6000`)).id);
      const quick = (await tenant.endpoint(`${receiver}/ok`)).id;
      await inConsole(`/runs?project=${tenant.project.id}`, async (page) => {
        const lamp = page.locator('tbody tr', { has: page.locator(`a[title=${slow}]`) }).locator('.lamp');
        await lamp.and(page.locator('[data-status=success]')).waitFor();
        const next = await tenant.task(quick);
        await page.getByRole('button', { name: 'Show 1 new task run' }).waitFor();
        expect(await page.locator('tbody tr').count()).toBe(1);
        await page.getByRole('button', { name: 'Show 1 new task run' }).click();
        await page.locator(`tbody tr:first-child a[title=${next}]`).waitFor();
        expect(await page.getByRole('button', { name: /^Show/ }).count()).toBe(0);

        await page.getByRole('button', { name: 'Pause updates' }).click();
        const asked: string[] = [];
        page.on('request', (request) => asked.push(new URL(request.url()).pathname));
        await tenant.task(quick);
        await page.waitForTimeout(3_000);
        expect(asked.filter((path) => /^\/v1\/(feed|tasks)$/.test(path))).toEqual([]);
        await page.getByRole('button', { name: 'Watch live' }).click();
        await page.getByRole('button', { name: 'Show 1 new task run' }).waitFor();

        await page.evaluate(HIDE);
        await page.waitForTimeout(500); // what was under way
        asked.length = 0;
        await tenant.task(quick);
        await page.waitForTimeout(9_000); // longer than the slowest look
        expect(asked).toEqual([]);
        await page.evaluate(SHOW);
        await page.getByRole('button', { name: 'Show 2 new task runs' }).waitFor();
      });
    },
    PATIENCE_MS,
  );

  test(
    'the overview changes when task runs have changed, asks seldom, and nothing while its tab is hidden',
    async () => {
      const tenant = new Tenant(await world().newProject());
      const quick = (await tenant.endpoint(`${world().stack.receiver}/ok`)).id;
      await inConsole(`/overview?project=${tenant.project.id}`, async (page) => {
        await page.getByText('Nothing was delivered').waitFor();
        const asked: string[] = [];
        page.on('request', (request) => asked.push(new URL(request.url()).pathname));
        await tenant.reached(await tenant.task(quick), 'success');
        await page.getByText('of 1 attempt').waitFor();
        await page.waitForTimeout(3_000);
        expect(asked.filter((path) => path === '/v1/stats').length).toBeLessThanOrEqual(2);

        // Hidden while the change is known, and its ten seconds are not over.
        const run = await tenant.task(quick);
        await page.waitForResponse(
          async (answer) => answer.url().includes('/v1/feed') && (await answer.text()).includes(run),
        );
        await page.evaluate(HIDE);
        await page.waitForTimeout(500); // what was under way
        asked.length = 0;
        await page.waitForTimeout(11_000);
        expect(asked).toEqual([]);
        await page.evaluate(SHOW);
        await page.getByText('of 2 attempts').waitFor();
      });
    },
    PATIENCE_MS,
  );

  test(
    'keeps the filters of its list in the address',
    async () => {
      await inConsole(`/runs?project=${seeded().project}`, async (page) => {
        await page.getByLabel('Status').selectOption('retry scheduled');
        await page.getByLabel('Endpoint').selectOption('CRM');
        await page.locator(`a[title=${seeded().runs.retrying}]`).waitFor();
        await page.getByRole('row').nth(2).waitFor({ state: 'detached' });
        await page.getByLabel('Created since').fill('2039-01-01T00:00');
        await page.getByText('No task run here matches').waitFor();
        const { search } = new URL(page.url());
        expect(search).toMatch(/[?&]status=retry_scheduled&endpoint_id=ep_\w+&since=2038-12-31T23%3A00%3A00.000Z/);
        await page.reload();
        await page.getByText('No task run here matches').waitFor();
        expect(await page.getByLabel('Created since').inputValue()).toBe('2039-01-01T00:00');
      });
    },
    PATIENCE_MS,
  );

  test(
    'says what the API found wrong beside the fields it is about',
    async () => {
      await inConsole(`/endpoints/new?project=${seeded().project}`, async (page) => {
        await page.getByLabel('Name').fill('Nowhere');
        await page.getByLabel('URL').fill('https://10.0.0.1/hook');
        await page.getByLabel('Listens for').fill('not a filter!');
        await page.getByRole('button', { name: 'Create endpoint' }).click();
        await page.locator('[aria-invalid=true]').first().waitFor();
        expect(await page.locator('input[name=url]').getAttribute('aria-invalid')).toBe('true');
        expect(await page.locator('input[name=event_filters]').getAttribute('aria-invalid')).toBe('true');
      });
    },
    PATIENCE_MS,
  );

  test(
    'asks the API seldom: nothing while its tab is hidden, and less while nothing changes',
    async () => {
      await inConsole(`/runs/${seeded().runs.dead}?project=${seeded().project}`, async (page) => {
        await page.getByText('Became a dead letter').waitFor();
        let asked = 0;
        page.on('request', (request) => (asked += request.url().includes('/v1/') ? 1 : 0));
        await page.waitForTimeout(6_000);
        expect(asked).toBeGreaterThan(0);
        expect(asked).toBeLessThanOrEqual(3);
        await page.evaluate(HIDE);
        await page.waitForTimeout(500); // what was under way
        asked = 0;
        await page.waitForTimeout(4_000);
        expect(asked).toBe(0);
      });
    },
    PATIENCE_MS,
  );

  test.each([
    ['wide', { width: 1280, height: 800 }],
    ['narrow', { width: 360, height: 1600 }],
  ])(
    'rounds the rows of a list at its corners, on a %s screen',
    async (_name, viewport) => {
      await inConsole(
        `/schedules?project=${seeded().project}`,
        async (page) => {
          await page.getByRole('link', { name: 'Nightly invoice run' }).waitFor();
          expect(await page.evaluate(AT_CORNERS)).toEqual(Array(4).fill('beside the list'));
        },
        { viewport },
      );
    },
    PATIENCE_MS,
  );

  test.each(['light', 'dark'] as const)(
    'has no barrier on any page, in %s',
    async (colorScheme) => {
      await inConsole(
        `/runs?project=${seeded().project}`,
        async (page) => {
          for (const { name, path, ready } of shownPages(seeded())) {
            await goTo(page, path);
            await ready(page);
            expect([name, await barriersOn(page)]).toEqual([name, []]);
          }
          await page.goto(`${world().stack.receiver}/received`);
          await page.locator('summary').first().click();
          expect(await barriersOn(page)).toEqual([]);
        },
        { colorScheme, reducedMotion: 'reduce' },
      );
    },
    2 * PATIENCE_MS,
  );
});

/** As if another tab were in front, or not any more. */
const [HIDE, SHOW] = [true, false].map(
  (isHidden) => `Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'))`,
) as [string, string];

/** What is at each corner of the list's rectangle, beyond its rounded border. */
const AT_CORNERS = `(() => {
  const list = document.querySelector('.data-table');
  const { left, right, top, bottom } = list.getBoundingClientRect();
  const at = (x, y) => document.elementFromPoint(x, y) ?? 'off the screen';
  return [left + 1.5, right - 1.5].flatMap((x) => [top + 1.5, bottom - 1.5].map((y) => at(x, y)))
    .map((found) => (typeof found === 'string' ? found : list.contains(found) ? 'the list' : 'beside the list'));
})()`;
