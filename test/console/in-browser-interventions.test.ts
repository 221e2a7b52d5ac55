import type { Browser, Page } from 'playwright-core';
import { suiteWorld } from '../support/suite-world.js';
import type { World } from '../support/world.js';
import { barriersOn } from './barriers.js';
import { goTo, isBrowserInstalled, openPage, signIn, startBrowser } from './browser.js';

/** The console is built at the first look at it. */
const PATIENCE_MS = 60_000;
jest.setTimeout(PATIENCE_MS);

const inBrowser = isBrowserInstalled ? describe : describe.skip;

inBrowser('what people do in the console (chromium)', () => {
  const starting = suiteWorld();
  let world: World;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    [world, browser] = await Promise.all([starting, startBrowser()]);
    ({ page, complaints } = await openPage(browser, { reducedMotion: 'reduce' }));
    await signIn(page, world.stack.api, world.stack.operatorKey, `/overview?project=${world.project.id}`);
  }, PATIENCE_MS);
  afterAll(() => browser?.close());
  afterEach(() => expect(complaints).toEqual([]));

  const open = (path: string) => goTo(page, `/console${path}?project=${world.project.id}`);

  /** A dead run of an endpoint that takes everything from now on. */
  async function aDeath(): Promise<string> {
    const endpoint = await world.endpoint('/flaky/1');
    const run = await world.task(endpoint.id, { payload: { parcel: 4711 } });
    await world.reached(run, 'dead_letter');
    await world.deadLetter(run);
    return run;
  }

  test('a dead letter is looked into and replayed, and its run is seen to succeed', async () => {
    const run = await aDeath();
    await open('/dead-letters');
    const row = page.getByRole('row').filter({ has: page.locator(`[title="${run.replace('run', 'dl')}"]`) });
    await row.getByText('attempts exhausted').waitFor();
    // What was called, and what it answered.
    await row.getByText(`POST ${world.stack.receiver}/flaky/1`).waitFor();
    await row.getByText(/answered 503/).waitFor();
    await row.getByText('attempts exhausted').click();
    await page.getByText('"parcel": 4711').waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Replay', exact: true }).click();
    await page.getByText('The receiver may get a call that it has had.').waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await page.locator('wa-dialog[open]').getByRole('button', { name: 'Replay', exact: true }).click();
    await page.waitForURL(new RegExp(`/runs/${run}`));
    await page.locator('h1 ~ .lamp[data-status="success"]').waitFor();
    expect(await world.reached(run, 'success')).toMatchObject({ attempt_count: 2 });
  });

  test('another one is resolved with a note', async () => {
    const run = await aDeath();
    await open(`/dead-letters/${run.replace('run', 'dl')}`);
    await page.getByRole('button', { name: 'Resolve…' }).click();
    await page.getByLabel('Note').fill('Refunded by hand.');
    await page.getByRole('button', { name: 'Resolve', exact: true }).click();
    await page.locator('h1 ~ .lamp[data-status="resolved"]').waitFor();
    await page.getByText('Refunded by hand.').waitFor();
    expect(await world.deadLetter(run)).toMatchObject({ status: 'resolved', note: 'Refunded by hand.' });
  });

  test('all that match are replayed together', async () => {
    const runs = [await aDeath(), await aDeath()];
    await open('/dead-letters');
    await page.getByRole('button', { name: 'Replay all that match…' }).click();
    await page.getByText('2 open dead letters of this project').waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Replay 2', exact: true }).click();
    await page.getByText('2 replayed: done.').waitFor();
    for (const run of runs) await world.reached(run, 'success');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByText('No open dead letters').waitFor();
  });

  test('all that match are resolved together with a note, and no other', async () => {
    const [run, other] = [await aDeath(), await aDeath()];
    const { endpoint_id } = (await world.deadLetter(run)) as { endpoint_id: string };
    // A page that stays open knows a new endpoint after a minute at most.
    await open('/overview');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await open('/dead-letters');
    await page.getByLabel('Endpoint', { exact: true }).selectOption(endpoint_id);
    await page.getByRole('button', { name: 'Resolve all that match…' }).click();
    await page.getByText('1 open dead letter of').waitFor();
    const dialog = page.locator('wa-dialog[open]');
    await dialog.getByLabel('Note').fill('Sent by hand.');
    expect(await barriersOn(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Resolve 1', exact: true }).click();
    await page.getByText('1 resolved: done.').waitFor();
    expect(await world.deadLetter(run)).toMatchObject({ status: 'resolved', note: 'Sent by hand.' });
    expect(await world.deadLetter(other)).toMatchObject({ status: 'open' });
    await dialog.getByRole('button', { name: 'Done' }).click();
    await dialog.waitFor({ state: 'detached' });
  });

  test('all task runs of a label that have not ended are counted, and cancelled together', async () => {
    const endpoint = await world.endpoint('/ok');
    const wait = { delay_seconds: 3600, labels: { batch: '7' } };
    const runs = [await world.task(endpoint.id, wait), await world.task(endpoint.id, wait)];
    const other = await world.task(endpoint.id, { delay_seconds: 3600 });
    await open('/runs');
    await page.getByLabel('Label, whole').fill('batch:7');
    await page.getByText('batch: 7').nth(1).waitFor();
    await page.getByRole('button', { name: 'Cancel all that match…' }).click();
    await page.getByText('2 task runs of these filters that have not ended').waitFor();
    expect(await barriersOn(page)).toEqual([]);
    const dialog = page.locator('wa-dialog[open]');
    await dialog.getByRole('button', { name: 'Cancel 2', exact: true }).click();
    await page.getByText('2 cancelled: done.').waitFor();
    for (const run of runs) await world.reached(run, 'cancelled');
    await dialog.getByRole('button', { name: 'Done' }).click();
    await world.reached(other, 'pending');
    await dialog.waitFor({ state: 'detached' });
  });

  test('the recovery of an endpoint tells how many dead letters it is about, and replays them', async () => {
    const run = await aDeath();
    const { endpoint_id } = (await world.deadLetter(run)) as { endpoint_id: string };
    await open(`/endpoints/${endpoint_id}`);
    await page.getByRole('button', { name: 'Recover…' }).click();
    const dialog = page.locator('wa-dialog[open]');
    await page.getByText('1 open dead letter of this endpoint').waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await dialog.getByLabel('Died since').fill('2039-01-01T00:00');
    await page.getByText('0 open dead letters of this endpoint').waitFor();
    expect(await dialog.getByRole('button', { name: /^Recover/ }).count()).toBe(0);
    await dialog.getByLabel('Died since').fill('2026-01-01T00:00');
    await dialog.getByRole('button', { name: 'Recover 1', exact: true }).click();
    await page.getByText('1 replayed: done.').waitFor();
    await world.reached(run, 'success');
    await dialog.getByRole('button', { name: 'Done' }).click();
    await dialog.waitFor({ state: 'detached' });
  });

  test('a run of an inline target is sent again with other headers, beside those of before', async () => {
    const target = { url: `${world.stack.receiver}/ok`, headers: { 'X-Tenant': 'acme', 'X-Token': 'secret' } };
    const run = (await world.api.post('/v1/tasks', { target, payload: { a: 1 } })).body.id as string;
    await world.reached(run, 'success');
    await open(`/runs/${run}`);
    await page.getByRole('button', { name: 'Send again' }).click();
    const dialog = page.locator('wa-dialog[open]');
    await dialog.getByLabel('Headers sent before').getByText('X-Tenant: ***').waitFor();
    await dialog.getByLabel('Headers', { exact: true }).fill('X-Tenant: globex\nX-Token: ***');
    expect(await barriersOn(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('Sent again from').waitFor();
    const again = /run_\w+/.exec(page.url())![0];
    await world.reached(again, 'success');
    const [received] = await world.received(again);
    expect(received!.headers).toMatchObject({ 'x-tenant': 'globex', 'x-token': 'secret' });
  });

  test('a dead letter of an inline target says what was called, and its content is sent again with another payload', async () => {
    const policy = { name: 'once', strategy: 'fixed', base_delay_seconds: 1, max_attempts: 1 };
    const retry_policy_id = (await world.api.post('/v1/retry-policies', policy)).body.id;
    const target = { url: `${world.stack.receiver}/fail/404` };
    const run = (await world.api.post('/v1/tasks', { target, retry_policy_id, payload: { a: 1 } })).body.id as string;
    await world.reached(run, 'dead_letter');
    await world.deadLetter(run);
    await open('/dead-letters');
    const row = page.getByRole('row').filter({ has: page.locator(`[title="${run.replace('run', 'dl')}"]`) });
    await row.getByText(`POST ${target.url}`).click();
    await page.getByRole('heading', { name: 'Dead letter', exact: true }).waitFor();
    await page.getByText(`POST ${target.url}`).waitFor();
    await page.getByRole('button', { name: 'Send again' }).click();
    const dialog = page.locator('wa-dialog[open]');
    await dialog.getByLabel('Payload').fill('{"a": 2}');
    expect(await barriersOn(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('Sent again from').waitFor();
    await page.getByText('"a": 2').waitFor();
    expect(await world.deadLetter(run)).toMatchObject({ status: 'open' });
  });

  test('a key is made, shown once, used, and revoked', async () => {
    await open(`/projects/${world.project.id}`);
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByLabel('Label').fill('the browser');
    await page.getByRole('button', { name: 'Create key' }).click();
    const key = await page.getByText(/^sk_[0-9a-f]{64}$/).innerText();
    expect(await barriersOn(page)).toEqual([]);
    await page.getByRole('button', { name: /^I have copied/ }).click();
    expect(await statusWith(key)).toBe(200);
    const row = page.getByRole('row').filter({ hasText: 'the browser' });
    await row.getByText(`sk_…${key.slice(-4)}`).waitFor();
    await row.getByRole('button', { name: 'Revoke' }).click();
    await row.getByRole('button', { name: 'Revoke' }).nth(1).click(); // the dialog's
    await row.waitFor({ state: 'detached' });
    expect(await statusWith(key)).toBe(401);
  });

  async function statusWith(key: string): Promise<number> {
    return (await fetch(`${world.stack.api}/v1/endpoints`, { headers: { 'x-api-key': key } })).status;
  }

  test('a webhook is registered and tested, and its activity exported', async () => {
    await open('/webhooks/new');
    await page.getByLabel('Name').fill('pager');
    await page.getByLabel('URL').fill(`${world.stack.receiver}/ok`);
    await page.locator('[name=signing_secret]').fill('a secret of my own');
    await page.locator('[name=headers]').fill('X-Webhook-Secret: open sesame');
    await page.getByLabel('job.completed').check();
    expect(await barriersOn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Register' }).click();
    await page.getByText('a secret of my own').waitFor();
    await page.getByRole('button', { name: /^I have copied/ }).click();
    await page.getByText('Nothing was sent here yet').waitFor();
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByRole('row').getByText('200').first().waitFor();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export CSV' }).click();
    expect((await downloading).suggestedFilename()).toMatch(/^ep_.*\.csv$/);
  });
});
