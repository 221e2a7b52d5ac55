import type { Page } from 'playwright-core';
import { barriersOn } from './barriers.js';
import { inBrowser, PATIENCE_MS, seededConsole } from './seeded-console.js';

/** What it shows is slotted, so not below the element that has the role. */
const DIALOG = 'wa-dialog[open]';

inBrowser('finding, choosing and going by keyboard', () => {
  const { seeded, inConsole } = seededConsole();
  const at = (path: string) => `${path}?project=${seeded().project}`;
  const field = (page: Page) => page.getByRole('combobox', { name: 'Find by id, name, label or key' });

  test(
    'Ctrl-K finds an object by a part of its name, its id, an event key, and what was open last',
    async () => {
      await inConsole(at('/overview'), async (page) => {
        await page.getByRole('heading', { name: 'Overview' }).waitFor();
        await page.keyboard.press('Control+k');
        await field(page).fill('exchange');
        await page.getByRole('option', { name: 'Refresh exchange rates' }).waitFor();
        expect(await barriersOn(page)).toEqual([]);
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { name: 'Refresh exchange rates' }).waitFor();
        // While it closes, the keys are still for it.
        await page.locator(DIALOG).waitFor({ state: 'detached' });

        await page.keyboard.press('/');
        await field(page).fill('inv_2026_004711');
        await page.getByRole('option', { name: /invoice.paid, by its event key/ }).click();
        await page.getByRole('heading', { name: 'invoice.paid' }).waitFor();
        await page.locator(DIALOG).waitFor({ state: 'detached' });

        await page.keyboard.press('/');
        await field(page).fill(seeded().runs.dead);
        await page.keyboard.press('Enter');
        await page.getByText('Became a dead letter').waitFor();
        await page.locator(DIALOG).waitFor({ state: 'detached' });

        await page.keyboard.press('/');
        const options = page.getByRole('listbox', { name: 'Found' }).getByRole('option');
        await options.filter({ hasText: 'Refresh exchange rates' }).waitFor();
        expect(await options.nth(1).textContent()).toContain('invoice.paid');
        // The begin of an id is enough.
        await field(page).fill(seeded().runs.dead.slice(0, 20));
        await page
          .getByRole('option')
          .filter({ hasText: seeded().runs.dead.slice(-8) })
          .waitFor();
        await field(page).fill('nothing has this name');
        await page.getByText('Nothing found.').waitFor();
        await page.keyboard.press('Escape');
        await page.locator(DIALOG).waitFor({ state: 'detached' });
      });
    },
    PATIENCE_MS,
  );

  test(
    'the palette goes to pages and actions by the arrow keys',
    async () => {
      await inConsole(at('/overview'), async (page) => {
        await page.getByRole('button', { name: 'Find…' }).click();
        await field(page).fill('new');
        await page.getByRole('option', { name: 'New schedule' }).waitFor();
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { name: 'New endpoint' }).waitFor();
      });
    },
    PATIENCE_MS,
  );

  test(
    'j, k and Enter go through a list, and x chooses its rows; letters typed in a field stay in the field',
    async () => {
      await inConsole(at('/runs'), async (page) => {
        await page.getByRole('table').waitFor();
        const links = page.locator('tbody tr td:nth-child(3) a');
        const second = await links.nth(1).getAttribute('title');
        await page.keyboard.press('j');
        await page.keyboard.press('j');
        await page.keyboard.press('j');
        await page.keyboard.press('k');
        await page.keyboard.press('x');
        await page.getByText('1 chosen').waitFor();
        expect(await page.getByRole('checkbox', { name: `Choose ${second}` }).isChecked()).toBe(true);
        await page.getByLabel('Event key, whole').fill('');
        await page.getByLabel('Event key, whole').pressSequentially('jkx/');
        expect(await page.getByLabel('Event key, whole').inputValue()).toBe('jkx/');
        await page.getByText('No task run here matches').waitFor();
        await page.getByRole('link', { name: 'Clear the filter' }).click();
        await page.getByText('1 chosen').waitFor();
        await page.keyboard.press('j');
        await page.keyboard.press('j');
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { name: `Task run …${second!.slice(-8)}` }).waitFor();
      });
    },
    PATIENCE_MS,
  );

  test(
    'single characters are no shortcuts where this browser has switched them off, and Ctrl-K stays one',
    async () => {
      await inConsole(at('/runs'), async (page) => {
        await page.getByRole('table').waitFor();
        await page.keyboard.press('?');
        const letters = page.locator(DIALOG).getByLabel('Single-character shortcuts');
        await letters.uncheck();
        await page.getByText('the next row of a list').waitFor({ state: 'detached' });
        expect(await barriersOn(page)).toEqual([]);
        await page.keyboard.press('Escape');
        await page.locator(DIALOG).waitFor({ state: 'detached' });

        await page.reload();
        await page.getByRole('table').waitFor();
        for (const key of ['j', 'x', '/', '?']) await page.keyboard.press(key);
        await page.waitForTimeout(300);
        expect(await page.locator(DIALOG).count()).toBe(0);
        expect(await page.getByText('1 chosen').count()).toBe(0);
        await page.keyboard.press('Control+k');
        await field(page).waitFor();
        await page.keyboard.press('Escape');
        await page.locator(DIALOG).waitFor({ state: 'detached' });

        await page.getByRole('button', { name: 'Shortcuts' }).click();
        await letters.check();
        await page.keyboard.press('Escape');
        await page.locator(DIALOG).waitFor({ state: 'detached' });
        await page.keyboard.press('j');
        await page.keyboard.press('x');
        await page.getByText('1 chosen').waitFor();
      });
    },
    PATIENCE_MS,
  );

  test(
    'chosen dead letters are resolved together with a note, and counted before and after',
    async () => {
      await inConsole(at('/dead-letters'), async (page) => {
        const badge = page.getByRole('navigation', { name: 'Pages', exact: true }).locator('.badge');
        const open = Number.parseInt((await badge.textContent()) ?? '', 10);
        expect(open).toBeGreaterThan(3);
        const rows = page.locator('tbody tr').filter({ hasText: 'Warehouse' });
        await rows.first().waitFor();
        for (const row of [0, 1]) await rows.nth(row).getByRole('checkbox').check();
        await page.getByRole('button', { name: 'Resolve 2' }).click();
        await page.locator(DIALOG).getByLabel('Note').fill('Sent by hand.');
        expect(await barriersOn(page)).toEqual([]);
        await page.locator(DIALOG).getByRole('button', { name: 'Resolve 2' }).click();
        await page.getByText('2 of 2 done').waitFor();
        await page.locator(DIALOG).getByRole('button', { name: 'Done' }).click();
        await page.getByText(/\d chosen/).waitFor({ state: 'detached' });
        await page.getByLabel('Status').selectOption('resolved');
        await page.locator('.lamp[data-status=resolved]').nth(1).waitFor();
      });
    },
    PATIENCE_MS,
  );

  test(
    'all task runs of a page are chosen at once, and an action is for those whose status allows it',
    async () => {
      await inConsole(at('/runs'), async (page) => {
        await page.getByRole('table').waitFor();
        await page.getByLabel('Choose all on this page').check();
        await page.getByText('25 chosen').waitFor();
        const dead = await page.locator('tbody .lamp[data-status=dead_letter]').count();
        await page.getByRole('button', { name: `Replay ${dead}`, exact: true }).waitFor();
        await page.getByRole('button', { name: /^Cancel \d+$/ }).click();
        await page.getByText('It will not be called any more').waitFor();
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: 'Choose none' }).click();
        await page.getByText('25 chosen').waitFor({ state: 'detached' });
      });
    },
    PATIENCE_MS,
  );
});
