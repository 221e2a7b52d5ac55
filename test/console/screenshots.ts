import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { command, runCommand } from '../../local/command.js';
import { startLocalStack } from '../../local/local-stack.js';
import { goTo, openPage, signIn, startBrowser } from './browser.js';
import { palettePng } from './palette-png.js';
import { seed } from './seed.js';
import { shownPages } from './shown-pages.js';

const FOLDER = join(__dirname, '..', '..', 'docs', 'console');
/** Lists go on; what is below tells nothing new. */
const TALLEST = 1200;
const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 360, height: 740 } } as const;

const screenshots = command(
  'npm run console:screenshots',
  'Makes docs/console anew: each page with some history, light and dark, wide and narrow.',
).argument('[pages...]', 'names of pages, such as overview; all by default');

async function main(_options: object, wanted: readonly string[]): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const stack = await startLocalStack({ log: () => {} });
  const browser = await startBrowser();
  const seeded = await seed(stack);
  try {
    for (const colorScheme of ['light', 'dark'] as const)
      for (const [size, viewport] of Object.entries(SIZES)) {
        const { page, complaints } = await openPage(browser, { colorScheme, viewport, reducedMotion: 'reduce' });
        await page.goto(`${stack.api}/console/`);
        if (size === 'wide' && isWanted(wanted, 'sign-in')) await shoot(page, `sign-in-${colorScheme}`);
        await signIn(page, stack.api, stack.operatorKey, `/runs?project=${seeded.project}`);
        // Away from what a pointer would highlight.
        await page.mouse.move(0, 0);
        for (const shown of shownPages(seeded).filter(({ name }) => isWanted(wanted, name)))
          if (size === 'wide' || shown.narrow) {
            await goTo(page, shown.path);
            await shown.ready(page);
            await shoot(page, `${shown.name}-${colorScheme}${size === 'narrow' ? '-narrow' : ''}`);
          }
        if (complaints.length > 0) throw new Error(`the browser complains: ${complaints.join('\n')}`);
        await page.context().close();
      }
  } finally {
    await browser.close();
    await seeded.close();
    await stack.close({ graceMs: 0 });
  }
  process.exit(0);
}

const isWanted = (wanted: readonly string[], name: string): boolean => wanted.length === 0 || wanted.includes(name);

/** What makes the page scroll sideways. */
const BEYOND_THE_EDGE = `document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => one.tagName + '.' + one.className).slice(0, 8)`;

async function shoot(page: Page, name: string): Promise<void> {
  // Every list and lamp has had its first answer.
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(300);
  const beyond = await page.evaluate<string[]>(BEYOND_THE_EDGE);
  if (beyond.length > 0) throw new Error(`${name} reaches beyond the edge of its window: ${beyond.join(', ')}`);
  const whole = await page.evaluate<number>('document.documentElement.scrollHeight');
  const { width } = page.viewportSize()!;
  const clip = { x: 0, y: 0, width, height: Math.min(whole, TALLEST) };
  writeFileSync(join(FOLDER, `${name}.png`), palettePng(await page.screenshot({ fullPage: true, clip })));
}

runCommand(screenshots, main);
