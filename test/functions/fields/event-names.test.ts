import { eventFilter, eventFilters, publishedName } from '../../../functions/fields/event-name-schema.js';
import { filtersMatching } from '../../../functions/fields/event-names.js';
import { eventSchema } from '../../../functions/subjects/events/event-schema.js';

const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success;

test.each([
  ['a', ['a', '*']],
  ['invoice.paid', ['invoice.paid', 'invoice.*', '*']],
  ['a.b.c', ['a.b.c', 'a.b.*', 'a.*', '*']],
  ['job', ['job', '*']],
  ['jobs.done', ['jobs.done', 'jobs.*', '*']],
  ['job.failed', ['job.failed', 'job.*']],
  ['endpoint.disabled', ['endpoint.disabled', 'endpoint.*']],
])('%s is matched by these filters, and no others', (name, filters) => {
  expect(filtersMatching(name)).toEqual(filters);
});

test.each(['a', 'invoice.paid', 'Invoice-paid_2:x.y', 'a.b.c.d.e.f.g.h.i.j', 'job', 'x'.repeat(128)])(
  '%s is a name to publish',
  (name) => {
    expect(accepts(publishedName, name)).toBe(true);
    expect(accepts(eventFilter, name)).toBe(true);
  },
);

test.each([
  '',
  '.',
  'a.',
  '.a',
  'a..b',
  'a b',
  'ä',
  'a.*',
  '*',
  'a.b.c.d.e.f.g.h.i.j.k',
  'x'.repeat(129),
  'job.completed',
  'job.x',
  'endpoint.y',
])('%p is no name to publish', (name) => {
  expect(accepts(publishedName, name)).toBe(false);
});

test.each([
  '*',
  'a.*',
  'a.b.*',
  'job.*',
  'endpoint.*',
  'job.completed',
  'job.failed',
  'job.timed_out',
  'endpoint.disabled',
])('%s is a filter', (filter) => {
  expect(accepts(eventFilter, filter)).toBe(true);
});

test.each(['**', '*.a', 'a.*.b', 'inv*', 'a.', 'job.compleeted', 'endpoint.deleted', 'job.completed.*'])(
  '%s is no filter',
  (filter) => {
    expect(accepts(eventFilter, filter)).toBe(false);
  },
);

test('filters are few, and each is given once', () => {
  expect(accepts(eventFilters, ['a', 'a.*', '*'])).toBe(true);
  expect(eventFilters.safeParse(['a', 'b', 'a']).error?.issues).toMatchObject([{ path: [2] }]);
  expect(
    accepts(
      eventFilters,
      Array.from({ length: 51 }, (_, index) => `a${index}`),
    ),
  ).toBe(false);
});

test('a key is any text of 1 to 256 characters', () => {
  for (const event_key of ['inv_1', '请求 🎉\n%', 'x'.repeat(256)])
    expect(accepts(eventSchema, { event_name: 'a', event_key })).toBe(true);
  for (const event_key of ['', 'x'.repeat(257), '\ud800', 7])
    expect(eventSchema.safeParse({ event_name: 'a', event_key }).error?.issues).toMatchObject([
      { path: ['event_key'] },
    ]);
});
