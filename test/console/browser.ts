import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Debian's. */
const CHROMIUM = '/usr/bin/chromium';

export const isBrowserInstalled = existsSync(CHROMIUM);

export const startBrowser = (more: readonly string[] = []): Promise<Browser> =>
  // In a container chromium is root, whom its sandbox refuses; it opens nothing but our own pages.
  chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', ...more] });

/** A page of its own tab, and what the browser complained of in it: errors, and what the policy kept from happening. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ readonly page: Page; readonly complaints: string[] }> {
  const context = await browser.newContext({ timezoneId: 'Europe/Berlin', locale: 'en-GB', ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    // Where the API refuses something on purpose, chromium says so too.
    const refused = message.text().startsWith('Failed to load resource: the server responded with a status of 4');
    if (['error', 'warning'].includes(message.type()) && !refused) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { page, complaints };
}

/** Opens a page of the console and signs in there; `path` below its base. */
export async function signIn(page: Page, api: string, operatorKey: string, path = '/'): Promise<void> {
  await page.goto(`${api}/console${path}`);
  await page.getByLabel('Operator key or project key').fill(operatorKey);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('banner').waitFor();
}

/** Another page, by the console's own routing. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate(
    `history.pushState(null, '', ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent('popstate'))`,
  );
}
