import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { World } from '../support/world.js';
import { isBrowserInstalled, openPage, signIn, startBrowser } from './browser.js';
import { type Seeded, seed } from './seed.js';

/** Chromium and the console's build share two cores with everything else. */
export const PATIENCE_MS = 120_000;

/** A suite that needs chromium, and is seen to be skipped where there is none. */
export const inBrowser = isBrowserInstalled ? describe : describe.skip;

/** A console with some history, and a browser before it, for all tests of a suite. */
export function seededConsole() {
  let world: World;
  let browser: Browser;
  let seeded: Seeded;

  beforeAll(async () => {
    [world, browser] = await Promise.all([World.start(), startBrowser()]);
    seeded = await seed(world.stack);
  }, PATIENCE_MS);

  afterAll(async () => {
    await browser?.close();
    await seeded?.close();
    await world?.close();
  });

  /** A tab that is signed in, at `path`; it must give the browser nothing to complain of. */
  async function inConsole(
    path: string,
    act: (page: Page) => Promise<void>,
    options: BrowserContextOptions = {},
  ): Promise<void> {
    const { page, complaints } = await openPage(browser, options);
    try {
      await signIn(page, world.stack.api, world.stack.operatorKey, path);
      await act(page);
      expect(complaints).toEqual([]);
    } finally {
      await page.context().close();
    }
  }

  return { world: () => world, browser: () => browser, seeded: () => seeded, inConsole };
}
