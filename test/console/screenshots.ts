import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { command, runCommand } from '../../local/command.js';
import { startLocalStack } from '../../local/local-stack.js';
import { goTo, openPage, signIn, startBrowser } from './browser.js';
import { palettePng } from './palette-png.js';
import { seed } from './seed.js';
import { shownPages } from './shown-pages.js';

/** The pictures of the documentation. */
const OF_DOCS = join(__dirname, '..', '..', 'docs', 'console');
/** Lists go on; what is below tells nothing new. */
const TALLEST = 1200;
const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 360, height: 740 } } as const;
/** Common widths of a large screen, a tablet and a phone. */
const WIDTHS = [1440, 1024, 390] as const;

const screenshots = command(
  'npm run console:screenshots',
  'Makes docs/console anew: each page with some history, light and dark, wide and narrow.',
)
  .argument('[pages...]', 'names of pages, such as overview; all by default')
  .option(
    '--to <folder>',
    `makes pictures to look at there, ${WIDTHS.join(', ')} pixels wide, each page in each width`,
  );

interface Options {
  readonly to?: string;
}

async function main({ to }: Options, wanted: readonly string[]): Promise<void> {
  const folder = to ?? OF_DOCS;
  mkdirSync(folder, { recursive: true });
  const sizes = to === undefined ? SIZES : Object.fromEntries(WIDTHS.map((width) => [width, { width, height: 900 }]));
  const stack = await startLocalStack({ log: () => {} });
  const browser = await startBrowser();
  const seeded = await seed(stack);
  try {
    for (const colorScheme of ['light', 'dark'] as const)
      for (const [size, viewport] of Object.entries(sizes)) {
        const { page, complaints } = await openPage(browser, { colorScheme, viewport, reducedMotion: 'reduce' });
        await page.goto(`${stack.api}/console/`);
        if (size !== 'narrow' && isWanted(wanted, 'sign-in'))
          await shoot(page, join(folder, named('sign-in', colorScheme, size)));
        await signIn(page, stack.api, stack.operatorKey, `/runs?project=${seeded.project}`);
        // Away from what a pointer would highlight.
        await page.mouse.move(0, 0);
        for (const shown of shownPages(seeded).filter(({ name }) => isWanted(wanted, name)))
          if (size !== 'narrow' || shown.narrow) {
            await goTo(page, shown.path);
            await shown.ready(page);
            await shoot(page, join(folder, named(shown.name, colorScheme, size)));
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

const named = (page: string, scheme: string, size: string): string =>
  `${page}-${scheme}${size === 'wide' ? '' : `-${size}`}`;

const isWanted = (wanted: readonly string[], name: string): boolean => wanted.length === 0 || wanted.includes(name);

/** What makes the page scroll sideways. */
const BEYOND_THE_EDGE = `document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => one.tagName + '.' + one.className).slice(0, 8)`;

/** Columns of names in which a word does not fit. */
const SQUEEZED = `[...document.querySelectorAll('.data-table td.main')].map((one) => one.getBoundingClientRect().width)
  .filter((width) => width > 0 && width < 110)`;

async function shoot(page: Page, file: string): Promise<void> {
  // Every list and lamp has had its first answer.
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(300);
  const beyond = await page.evaluate<string[]>(BEYOND_THE_EDGE);
  if (beyond.length > 0) throw new Error(`${file} reaches beyond the edge of its window: ${beyond.join(', ')}`);
  const squeezed = await page.evaluate<number[]>(SQUEEZED);
  if (squeezed.length > 0) throw new Error(`${file} has columns of ${squeezed[0]} pixels`);
  const whole = await page.evaluate<number>('document.documentElement.scrollHeight');
  const { width } = page.viewportSize()!;
  const clip = { x: 0, y: 0, width, height: Math.min(whole, TALLEST) };
  writeFileSync(`${file}.png`, palettePng(await page.screenshot({ fullPage: true, clip })));
}

runCommand(screenshots, main);
