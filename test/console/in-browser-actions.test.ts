import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Locator } from 'playwright-core';
import { barriersOn } from './barriers.js';
import { goTo } from './browser.js';
import { inBrowser, PATIENCE_MS, seededConsole } from './seeded-console.js';
import { shownPages } from './shown-pages.js';

/** What it shows is slotted, so not below the element that has the role. */
const DIALOG = 'wa-dialog[open]';
/** Pages that show nothing of a project before a user types, by their names. */
const WITHOUT_CONTENT = new Set(['schedule-new', 'event-new', 'webhook-new', 'integrate', 'projects']);

inBrowser('what the pages do', () => {
  const { world, seeded, inConsole } = seededConsole();

  test(
    'retries, cancels, sends again, and asks once more before what cannot be undone',
    async () => {
      await inConsole(`/runs/${seeded().runs.retrying}?project=${seeded().project}`, async (page) => {
        const lamp = (status: string) => page.locator(`.page-header .lamp[data-status=${status}]`);
        await page.getByRole('button', { name: 'Retry now' }).click();
        await page.getByText('Attempt 3 of').waitFor();
        expect(await page.getByText(/answered 503/).count()).toBe(2);

        await page.getByRole('button', { name: 'Cancel run' }).click();
        const dialog = page.locator(DIALOG);
        await dialog.getByText('It will not be called any more').waitFor();
        expect(await barriersOn(page)).toEqual([]);
        await page.keyboard.press('Escape');
        await page.getByText('It will not be called any more').waitFor({ state: 'detached' });
        expect(await lamp('retry_scheduled').count()).toBe(1);

        await page.getByRole('button', { name: 'Cancel run' }).click();
        await dialog.getByRole('button', { name: 'Cancel run' }).click();
        await lamp('cancelled').waitFor();

        await page.getByRole('button', { name: 'Send again' }).click();
        // The payload before stays beside the one that is changed.
        await dialog.getByLabel('Sent before').getByText('cus_8812').waitFor();
        await dialog.getByLabel('Payload').fill('{"corrected": true}');
        await dialog.getByLabel('Endpoint').selectOption('Billing');
        expect(await barriersOn(page)).toEqual([]);
        await dialog.getByRole('button', { name: 'Send', exact: true }).click();
        await page.getByText('Sent again from').waitFor();
        await page.getByRole('link', { name: 'Billing' }).waitFor();
        await page.getByText('"corrected": true').waitFor();
      });
    },
    PATIENCE_MS,
  );

  test(
    'tests an endpoint, shows a new secret once, pauses and resumes',
    async () => {
      await inConsole(`/endpoints/${seeded().endpoint}?project=${seeded().project}`, async (page) => {
        const lamp = (status: string) => page.locator(`.page-header .lamp[data-status=${status}]`);
        const confirm = async (name: string) => {
          await page.getByRole('button', { name }).click();
          await page.locator(DIALOG).getByRole('button', { name }).click();
        };
        await page.getByRole('button', { name: 'Send a test' }).click();
        await page.getByRole('heading', { name: 'The test' }).waitFor();
        await page.getByText('HTTP 200 ·').waitFor();
        await confirm('Rotate secret');
        await page.getByText(/^whsec_/).waitFor();
        await page.getByRole('button', { name: /^I have copied/ }).click();
        await page.locator(DIALOG).waitFor({ state: 'hidden' });
        expect(await page.getByText(/whsec_/).count()).toBe(0);
        await confirm('Pause');
        await lamp('paused').waitFor();
        await page.getByRole('button', { name: 'Resume' }).click();
        await lamp('active').waitFor();
      });
    },
    PATIENCE_MS,
  );

  test(
    'a pause is undone, and a delete is sent when its time is over and not before',
    async () => {
      const { project, api } = await world().newProject();
      const make = async (path: string, body: object) => (await api.post(path, body)).body.id as string;
      const target = { url: `${world().stack.receiver}/ok` };
      const policy = await make('/v1/retry-policies', { name: 'In use', strategy: 'fixed', base_delay_seconds: 5 });
      await make('/v1/endpoints', { name: 'Uses it', ...target, retry_policy_id: policy });
      const schedule = await make('/v1/schedules', { name: 'Weekly', cron: '0 0 * * 1', target });
      const statusOf = async () => (await api.get(`/v1/schedules/${schedule}`)).status;
      await inConsole(`/schedules/${schedule}?project=${project.id}`, async (page) => {
        const lamp = (status: string) => page.locator(`.page-header .lamp[data-status=${status}]`);
        const undo = page.getByRole('button', { name: 'Undo' });
        const remove = async () => {
          await page.getByRole('button', { name: 'Delete' }).click();
          await page.locator(DIALOG).getByRole('button', { name: 'Delete' }).click();
        };
        await page.getByRole('button', { name: 'Pause' }).click();
        await lamp('paused').waitFor();
        expect(await barriersOn(page)).toEqual([]);
        await undo.click();
        await lamp('active').waitFor();

        await remove();
        await page.getByText('“Weekly” is deleted in ten seconds.').waitFor();
        await page.getByRole('heading', { name: 'Schedules' }).waitFor();
        const row = page.getByRole('link', { name: 'Weekly' });
        await page.getByRole('table').waitFor();
        expect(await row.count()).toBe(0);
        await undo.click();
        await row.click();
        expect(await statusOf()).toBe(200);

        await remove();
        await page.getByText('“Weekly” is deleted in ten seconds.').waitFor();
        expect(await statusOf()).toBe(200);
        // The end of the page ends the time.
        await page.reload();
        await page.getByRole('heading', { name: 'No schedules yet' }).waitFor();
        expect(await statusOf()).toBe(404);

        await goTo(page, `/console/retry-policies?project=${project.id}`);
        await remove();
        await page.getByRole('heading', { name: 'In use' }).waitFor({ state: 'detached' });
        // After the ten seconds the API refuses it, and the list shows it again.
        await page.getByRole('heading', { name: 'In use' }).waitFor();
        await page.locator('.undo [role=alert]').waitFor();
        await page.getByRole('button', { name: 'Close' }).click();
      });
    },
    PATIENCE_MS,
  );

  test(
    'each page shows that its content is on its way, that it cannot be had, and the content when it can',
    async () => {
      await inConsole(
        `/integrate?project=${seeded().project}`,
        async (page) => {
          let answer: 'none' | 'refusal' = 'none';
          // All but what the shell and the forms read.
          const pattern = /\/v1\/(?!sessions\/current|projects\?|feed)/;
          await page.route(pattern, async (route) => {
            if (answer === 'refusal') await route.fulfill({ status: 404, json: { title: 'Not Found', status: 404 } });
          });
          const away = () => goTo(page, `/console/integrate?project=${seeded().project}`);
          const shown = shownPages(seeded()).filter(({ name }) => !WITHOUT_CONTENT.has(name));
          const shows = (name: string, found: Locator) =>
            found
              .first()
              .waitFor({ state: 'attached' })
              .catch((error) => Promise.reject(new Error(`${name} does not show it: ${error}`)));
          for (const { name, path } of shown) {
            answer = 'none';
            await goTo(page, path);
            await shows(name, page.getByText('Loading…'));
            expect([name, await barriersOn(page)]).toEqual([name, []]);
            await away();
            answer = 'refusal';
            await goTo(page, path);
            await shows(name, page.getByRole('alert').getByText('It may have been deleted'));
            await page.locator('.loading').first().waitFor({ state: 'detached' });
            expect([name, await barriersOn(page)]).toEqual([name, []]);
            await away();
          }
          await page.unroute(pattern);
          for (const { name, path } of shown) {
            await goTo(page, path);
            await shows(name, page.locator('main .card:not(.loading)'));
            await page.locator('.loading').first().waitFor({ state: 'detached' });
            expect([name, await page.getByRole('alert').count()]).toEqual([name, 0]);
            await away();
          }
        },
        { reducedMotion: 'reduce' },
      );
    },
    2 * PATIENCE_MS,
  );

  test(
    'teaches, where there is nothing yet, with a command that works as pasted',
    async () => {
      const { project, api } = await world().newProject();
      await inConsole(`/runs?project=${project.id}`, async (page) => {
        const env = { ...process.env, KEY: api.headers['x-api-key'] };
        const pasted = async (command: string) =>
          JSON.parse((await promisify(execFile)('bash', ['-c', command], { env })).stdout);
        const names = ['overview', 'runs', 'endpoints', 'schedules', 'retry-policies', 'events', 'webhooks'];
        // All are read first: what one of them makes fills the pages of others.
        const commands = new Map<string, string>();
        for (const name of [...names, 'dead-letters']) {
          await goTo(page, `/console/${name}?project=${project.id}`);
          await page.locator(`nav a[aria-current][href^="/console/${name}"]`).waitFor();
          commands.set(name, (await page.getByLabel('Command', { exact: true }).textContent())!);
          expect([name, await barriersOn(page)]).toEqual([name, []]);
        }
        for (const name of names)
          expect([name, await pasted(commands.get(name)!)]).toEqual([
            name,
            expect.objectContaining({ project_id: project.id }),
          ]);
        expect(await pasted(commands.get('dead-letters')!)).toMatchObject({ data: [], next_cursor: null });
      });
    },
    PATIENCE_MS,
  );
});
