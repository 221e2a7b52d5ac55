import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import type { HttpClient } from '../support/http-client.js';
import { World } from '../support/world.js';
import { openPage, signIn, startBrowser } from './browser.js';
import { inBrowser, PATIENCE_MS } from './seeded-console.js';

inBrowser('the console in a page of another origin', () => {
  let around: Server;
  let allowed: string;
  let world: World;
  let browser: Browser;
  let operator: HttpClient;
  /** What the page around the console embeds. */
  let src = '';

  beforeAll(async () => {
    around = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(
        `<!doctype html><title>App</title><iframe title="Deliveries" width="1000" height="700" src="${src}">`,
      );
    });
    await new Promise<void>((resolve) => around.listen(0, resolve));
    // Another site than 127.0.0.1, where the stack is.
    allowed = `http://localhost:${(around.address() as AddressInfo).port}`;
    browser = await startBrowser(['--test-third-party-cookie-phaseout']);
    world = await World.start({ settings: { portalOrigins: [allowed] } });
    await world.endpoint('/ok', { name: 'billing' });
    ({ operator } = await world.newProject());
  }, PATIENCE_MS);

  afterAll(async () => {
    await browser?.close();
    await world?.close();
    around?.close();
  });

  const consoleAt = (path: string) => `${world.stack.api}/console${path}`;
  async function link(): Promise<string> {
    const answer = await operator.post(`/v1/projects/${world.project.id}/portal`, { name: 'Ada', role: 'member' });
    return `${consoleAt('/endpoints')}#portal=${answer.body.token}`;
  }

  test(
    'signs in without a cookie or storage, makes changes, and ends with its frame',
    async () => {
      src = await link();
      const { page, complaints } = await openPage(browser);
      // As where a browser blocks what third parties store.
      await page.addInitScript(`if (self !== top)
        Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } })`);
      await page.goto(allowed);
      const frame = page.frameLocator('iframe');
      await frame.getByRole('link', { name: 'billing' }).click();
      await frame.getByRole('button', { name: 'Send a test' }).click();
      await frame.getByText('HTTP 200').waitFor();
      await frame.getByRole('link', { name: 'Retry policies' }).click();
      await frame.getByRole('link', { name: 'New retry policy' }).click();
      await frame.getByLabel('Name').fill('embedded');
      await frame.getByRole('button', { name: 'Create retry policy' }).click();
      await frame.getByRole('heading', { name: 'embedded' }).waitFor();
      expect(await page.context().cookies()).toEqual([]);
      expect(complaints).toEqual([]);
      await page.reload();
      await frame.getByText('There is no session here any more.').waitFor();
      expect(await frame.getByLabel('Operator key or project key').count()).toBe(0);
      await page.context().close();
    },
    PATIENCE_MS,
  );

  test(
    'has nothing of the session that the browser has for the console itself',
    async () => {
      src = consoleAt('/endpoints');
      const { page } = await openPage(browser);
      await signIn(page, world.stack.api, world.stack.operatorKey, '/endpoints');
      const tab = await page.context().newPage();
      const sent: (string | undefined)[] = [];
      tab.on('request', async (request) => {
        if (request.url().includes('/v1/')) sent.push((await request.allHeaders())['cookie']);
      });
      await tab.goto(allowed);
      await tab.frameLocator('iframe').getByText('There is no session here any more.').waitFor();
      expect(sent).toEqual([undefined]);
      await page.context().close();
    },
    PATIENCE_MS,
  );

  test(
    'is shown by no page of another origin',
    async () => {
      src = await link();
      const { page, complaints } = await openPage(browser);
      await page.goto(allowed.replace('localhost', '127.0.0.1'));
      await page.waitForLoadState('networkidle');
      expect(complaints.join()).toContain('frame-ancestors');
      expect(await page.frameLocator('iframe').getByRole('link').count()).toBe(0);
      await page.context().close();
    },
    PATIENCE_MS,
  );
});
