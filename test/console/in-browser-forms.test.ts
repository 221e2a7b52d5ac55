import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { barriersOn } from './barriers.js';
import { goTo } from './browser.js';
import { inBrowser, PATIENCE_MS, seededConsole } from './seeded-console.js';

inBrowser('the forms of the console', () => {
  const { world, seeded, inConsole } = seededConsole();
  const at = (path: string) => `${path}?project=${seeded().project}`;

  test(
    'a fault in the JSON of a payload is shown while one types, and the form is not sent until it is mended',
    async () => {
      await inConsole(at('/events/new'), async (page) => {
        const posted: string[] = [];
        page.on('request', (request) => {
          if (request.method() === 'POST') posted.push(request.postData() ?? '');
        });
        await page.getByLabel('Name').fill('invoice.voided');
        await page.getByLabel('Payload').fill('{"a": 1,}');
        await page.getByText('This is no JSON. Property name expected: line 1, column 9.').waitFor();
        expect(await barriersOn(page)).toEqual([]);
        await page.getByRole('button', { name: 'Publish' }).click();
        await page.waitForTimeout(300);
        expect(posted).toEqual([]);
        await page.getByLabel('Payload').fill('{"a": 1.0}');
        await page.getByText('This is no JSON').waitFor({ state: 'detached' });
        await page.getByRole('button', { name: 'Publish' }).click();
        await page.getByRole('heading', { name: 'invoice.voided' }).waitFor();
        expect(posted).toEqual(['{"event_name":"invoice.voided","payload":{"a": 1.0}}']);
      });
    },
    PATIENCE_MS,
  );

  test(
    'what looks like JSON is sent as text if text was chosen',
    async () => {
      await inConsole(at('/events/new'), async (page) => {
        await page.getByLabel('Name').fill('invoice.noted');
        await page.getByLabel('Payload').fill('{"a": 1,}');
        await page.getByText('This is no JSON').waitFor();
        await page.getByLabel('Text', { exact: true }).check();
        await page.getByText('This is no JSON').waitFor({ state: 'detached' });
        const sent = page.waitForRequest((request) => request.method() === 'POST');
        await page.getByRole('button', { name: 'Publish' }).click();
        expect((await sent).postDataJSON()).toMatchObject({ payload: '{"a": 1,}' });
      });
    },
    PATIENCE_MS,
  );

  test(
    'a filter applies while one types, is counted, and is cleared',
    async () => {
      await inConsole(at('/events'), async (page) => {
        const rows = page.locator('.data-table tbody tr');
        await page.getByText('order.placed').waitFor();
        expect(await rows.count()).toBeGreaterThan(1);
        await page.getByLabel('Key, whole').pressSequentially('inv_2026_004711');
        await page.getByText('order.placed').waitFor({ state: 'detached' });
        await rows.filter({ hasText: 'inv_2026_004711' }).waitFor();
        expect(await rows.count()).toBe(1);
        expect(new URL(page.url()).searchParams.get('event_key')).toBe('inv_2026_004711');
        await page.getByRole('link', { name: 'Clear the filter' }).click();
        await page.getByText('order.placed').waitFor();
        expect(await page.getByLabel('Key, whole').inputValue()).toBe('');
      });
    },
    PATIENCE_MS,
  );

  test(
    'a click anywhere in a row opens it, and a page that is not there has a title of its own',
    async () => {
      await inConsole(at('/events'), async (page) => {
        await page.getByText('inv_2026_004711').click();
        await page.getByRole('heading', { name: 'invoice.paid' }).waitFor();
        await goTo(page, `/console${at('/nowhere')}`);
        await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
        expect(await page.title()).toBe('There is no such page · Punctual');
      });
    },
    PATIENCE_MS,
  );

  test(
    'on a phone the navigation and the filters are shown when asked, and a page of task runs is short',
    async () => {
      const viewport = { width: 390, height: 844 };
      await inConsole(
        at('/runs'),
        async (page) => {
          await page.getByRole('table').waitFor();
          const navigation = page.getByRole('navigation', { name: 'Pages', exact: true });
          expect(await navigation.isVisible()).toBe(false);
          expect(await page.getByLabel('Status').isVisible()).toBe(false);
          expect(await page.evaluate('document.documentElement.scrollHeight')).toBeLessThan(2200);
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
          await page.getByRole('button', { name: 'Filters' }).click();
          await page.getByLabel('Status').selectOption('success');
          await page.getByRole('button', { name: 'Filters (1)' }).waitFor();
          await page.getByRole('button', { name: 'Menu' }).click();
          expect(await barriersOn(page)).toEqual([]);
          await navigation.getByRole('link', { name: 'Schedules' }).click();
          await page.getByRole('heading', { name: 'Schedules' }).waitFor();
          expect(await navigation.isVisible()).toBe(false);
        },
        { viewport, reducedMotion: 'reduce' },
      );
    },
    PATIENCE_MS,
  );

  test(
    'a cron expression is made out of choices, and an expression that is typed sets them',
    async () => {
      await inConsole(at('/schedules/new'), async (page) => {
        await page.getByLabel('Repeats').selectOption('Every month');
        await page.getByLabel('Day of the month').selectOption('on the last day');
        await page.getByLabel('Time of day').fill('18:45');
        expect(await page.getByLabel('Cron expression').inputValue()).toBe('45 18 L * *');
        await page.getByText('At 18:45, on the last day of the month').waitFor();
        expect(await barriersOn(page)).toEqual([]);
        await page.getByLabel('Cron expression').fill('0 6 * * 1-5');
        expect(await page.getByLabel('Repeats').inputValue()).toBe('weekdays');
        expect(await page.getByLabel('Time of day').inputValue()).toBe('06:00');
        await page.getByLabel('Cron expression').fill('0 6 1-7 * 1');
        await page.getByText('By its own expression').waitFor({ state: 'attached' });
        expect(await page.getByLabel('Time of day').count()).toBe(0);
      });
    },
    PATIENCE_MS,
  );

  test(
    'a form is shown as a command that works as pasted, with its JSON as it was typed',
    async () => {
      await inConsole(at('/events/new'), async (page) => {
        await page.getByLabel('Name').fill('invoice.pasted');
        await page.getByText('As code').click();
        const code = page.getByLabel('As code', { exact: true });
        await code.getByText('"event_name": "invoice.pasted"').waitFor();
        await page.getByLabel('Payload').fill('{"total": 10.00,}');
        await code.getByText(/JSON/).waitFor();
        await page.getByLabel('Payload').fill('{"total": 10.00}');
        await code.getByText('"total": 10.00').waitFor();
        expect(await barriersOn(page)).toEqual([]);
        const command = await code.textContent();
        const { project, api } = await world().newProject();
        const env = { ...process.env, KEY: api.headers['x-api-key'] };
        const { stdout } = await promisify(execFile)('bash', ['-c', command!], { env });
        expect(JSON.parse(stdout)).toMatchObject({ event_name: 'invoice.pasted', project_id: project.id });
        await page.getByLabel('Language').selectOption('TypeScript');
        await code.getByText('await punctual.events.publish({').waitFor();
        await page.getByLabel('Language').selectOption('Python');
        await code.getByText('punctual.events.publish({').waitFor();
        await page.getByLabel('Language').selectOption('Go');
        await code.getByText('client.Events.Publish(ctx, body)').waitFor();
      });
    },
    PATIENCE_MS,
  );

  test(
    'an edit is shown as a command that changes the same fields, and no other',
    async () => {
      const { project, api } = await world().newProject();
      const given = { name: 'Before', url: `${world().stack.receiver}/ok`, event_filters: ['invoice.*'] };
      const { id } = (await api.post('/v1/endpoints', given)).body;
      await inConsole(`/endpoints/${id}/edit?project=${project.id}`, async (page) => {
        await page.getByText('As code').click();
        const code = page.getByLabel('As code', { exact: true });
        await code.getByText('Change a field first').waitFor();
        await page.getByLabel('Name').fill('Afterwards');
        await page.getByLabel('Listens for').fill('');
        await code.getByText('"name": "Afterwards"').waitFor();
        const command = (await code.textContent())!;
        expect(JSON.parse(/-d '(.*)'$/s.exec(command)![1]!)).toEqual({ name: 'Afterwards', event_filters: [] });
        const env = { ...process.env, KEY: api.headers['x-api-key'] };
        const { stdout } = await promisify(execFile)('bash', ['-c', command], { env });
        expect(JSON.parse(stdout)).toMatchObject({ id, url: given.url, name: 'Afterwards', event_filters: [] });
        await page.getByLabel('Language').selectOption('Go');
        await code.getByText(`client.Endpoints.Update(ctx, "${id}", body, punctual.Null("event_filters"))`).waitFor();
      });
    },
    PATIENCE_MS,
  );

  test(
    'a template fills the fields of an endpoint, and says which payloads are taken there',
    async () => {
      await inConsole(at('/endpoints/new'), async (page) => {
        await page.getByLabel('Template').selectOption('PagerDuty, Events API v2');
        expect(await page.getByLabel('URL').inputValue()).toBe('https://events.pagerduty.com/v2/enqueue');
        await page.getByLabel('A payload that is taken there').getByText('"routing_key"').waitFor();
        await page.getByLabel('Template').selectOption('Slack, an incoming webhook');
        expect(await page.getByLabel('URL').inputValue()).toBe('');
        expect(await page.getByLabel('Calls a second').inputValue()).toBe('1');
        expect(await barriersOn(page)).toEqual([]);
        await page.getByLabel('Name').fill('Our channel');
        await page.getByLabel('URL').fill(`${world().stack.receiver}/ok`);
        const sent = page.waitForRequest((request) => request.method() === 'POST');
        await page.getByRole('button', { name: 'Create endpoint' }).click();
        const body = (await sent).postDataJSON();
        expect(body).toMatchObject({ name: 'Our channel', rate_limit_per_second: 1 });
        expect(body).not.toHaveProperty('template');
        await page.getByRole('button', { name: /^I have copied/ }).click();
        await page.getByRole('heading', { name: 'Our channel' }).waitFor();
      });
    },
    PATIENCE_MS,
  );

  test(
    'the targets of a project are changed where they were typed, and not by another change',
    async () => {
      const { project } = await world().newProject();
      await inConsole(`/projects/${project.id}?project=${project.id}`, async (page) => {
        const targets = page.getByLabel('Targets in AWS that it may reach');
        const saved = async () => {
          const sent = page.waitForRequest((request) => request.method() === 'PATCH');
          await page.getByRole('button', { name: 'Save', exact: true }).click();
          return (await sent).postDataJSON();
        };
        expect(await saved()).not.toHaveProperty('allowed_targets');
        await targets.fill('no arn');
        expect(await saved()).toMatchObject({ allowed_targets: ['no', 'arn'] });
        await page.locator('textarea[aria-invalid=true]').waitFor();
        const pattern = 'arn:aws:sqs:eu-central-1:123456789012:orders-*';
        await targets.fill(`${pattern}\n`);
        expect(await saved()).toMatchObject({ allowed_targets: [pattern] });
        await page.locator('textarea[aria-invalid=true]').waitFor({ state: 'detached' });
        await page.reload();
        expect(await targets.inputValue()).toBe(pattern);
        await targets.fill('');
        expect(await saved()).toMatchObject({ allowed_targets: null });
      });
    },
    PATIENCE_MS,
  );
});
