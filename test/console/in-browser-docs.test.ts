import type { Browser, Page } from 'playwright-core';
import { bundleDocs } from '../../lib/docs-bundle.js';
import { World } from '../support/world.js';
import { openPage, startBrowser } from './browser.js';
import { inBrowser, PATIENCE_MS } from './seeded-console.js';

inBrowser('the documentation', () => {
  let world: World;
  let browser: Browser;

  beforeAll(async () => {
    await bundleDocs();
    [world, browser] = await Promise.all([World.start(), startBrowser()]);
  }, PATIENCE_MS);

  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  /** Nothing that the policy refuses is tried, and no other origin is asked. */
  const inTab = (path: string, act: (page: Page) => Promise<void>) => async () => {
    const { page, complaints } = await openPage(browser, { colorScheme: 'dark' });
    const elsewhere: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(world.stack.api) && !/^(data|blob):/.test(request.url()))
        elsewhere.push(request.url());
    });
    await page.goto(world.stack.api + path);
    await act(page);
    // Scalar prints what its own, stricter schema has against a document; the rules of OpenAPI are tested elsewhere.
    const refused = complaints.filter((text) => !/^document validation errors|^\[Object/.test(text));
    expect({ refused, elsewhere }).toEqual({ refused: [], elsewhere: [] });
    await page.context().close();
  };

  test(
    'is read, dark where the reader wants it, and searched',
    inTab('/docs/', async (page) => {
      await page.getByRole('heading', { name: 'What Punctual is' }).waitFor();
      expect(await page.evaluate('document.documentElement.className')).toBe('dark');
      await page.getByRole('button', { name: 'Search' }).click();
      await page.getByRole('searchbox').fill('rotate-secret');
      await page.getByRole('option').first().click();
      await page.waitForURL(/\/docs\/[\w-]+#/);
      await page.reload();
      await page.getByText('rotate-secret').first().waitFor();
    }),
    PATIENCE_MS,
  );

  test(
    'has a reference of the API that is searched, shows four languages, and calls the API',
    inTab('/docs/reference', async (page) => {
      await page.getByRole('heading', { name: 'Punctual' }).first().waitFor();
      await page.getByRole('button', { name: 'Select from all clients' }).click();
      const languages = await page.getByRole('option').allInnerTexts();
      expect(languages.sort()).toEqual(['Curl', 'Fetch', 'NewRequest', 'Requests']); // of Go and Python
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      await page.getByPlaceholder(/Search/).fill('healthz');
      await page
        .getByRole('option', { name: /healthz/ })
        .first()
        .click();
      await page.waitForURL(/#.*healthz/);
      await page
        .getByRole('button', { name: /^Test Request.*healthz/ })
        .first()
        .click();
      await page.getByRole('button', { name: /^Send/ }).first().click();
      await page.getByText('"ok"').first().waitFor();
    }),
    PATIENCE_MS,
  );
});
