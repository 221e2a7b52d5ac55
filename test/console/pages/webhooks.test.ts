import { type CsvPage, csvPages } from '../../../console/pages/webhooks/csv-pages.js';
import { isTicked, isWebhook, NOTIFICATIONS } from '../../../console/pages/webhooks/notifications.js';
import { filtersMatching } from '../../../functions/fields/event-names.js';

const listensFor = (...event_filters: string[]) => isWebhook({ event_filters });

test('a webhook is who names a job notification; a bare * names none', () => {
  expect([listensFor('job.failed'), listensFor('invoice.*', 'endpoint.*')]).toEqual([true, true]);
  expect([listensFor(), listensFor('*'), listensFor('job_board.created')]).toEqual([false, false, false]);
});

test.each(['job.completed', 'job.*', 'endpoint.*', 'invoice.paid', '*'])('%s ticks what it lets through', (filter) => {
  for (const [name] of NOTIFICATIONS)
    expect([name, isTicked([filter], name)]).toEqual([name, filter !== '*' && filtersMatching(name).includes(filter)]);
});

test('an export goes on to the end, page by page, under one line of heads', async () => {
  const pages = 120;
  const asked: (string | undefined)[] = [];
  const pageAt = async (cursor: string | undefined): Promise<CsvPage> => {
    asked.push(cursor);
    const number = Number(cursor ?? 0);
    const rows = Array.from({ length: 100 }, (_, n) => `att_${number * 100 + n},"two\r\nlines, ""quoted"""\r\n`);
    const link = number + 1 < pages ? `</v1/deliveries?page_size=100&cursor=${number + 1}>; rel="next"` : null;
    return { text: `id,response_body\r\n${rows.join('')}`, link };
  };
  let text = '';
  const counts: number[] = [];
  for await (const page of csvPages(pageAt)) {
    text += page.text;
    counts.push(page.rows);
  }
  expect(asked).toHaveLength(pages);
  expect(counts.slice(0, 2)).toEqual([100, 200]);
  expect(counts.at(-1)).toBe(12_000);
  expect(text.match(/^att_/gm)).toHaveLength(12_000);
  expect(text.match(/^id,/gm)).toHaveLength(1);
});

test('an export of nothing has its heads alone', async () => {
  const found = [];
  for await (const page of csvPages(async () => ({ text: 'id\r\n', link: null }))) found.push(page);
  expect(found).toEqual([{ text: 'id\r\n', rows: 0 }]);
});
