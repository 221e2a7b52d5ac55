import { barriersOn } from './barriers.js';
import { inBrowser, PATIENCE_MS, seededConsole } from './seeded-console.js';

inBrowser('the forms of the console', () => {
  const { seeded, inConsole } = seededConsole();
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
});
