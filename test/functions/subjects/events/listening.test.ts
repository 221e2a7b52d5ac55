import { UNHEARD_MS, untilHeard } from '../../../../functions/subjects/events/listening.js';

const NOW = 1_800_000_000_000;
const sinceAMinute = (...event_filters: string[]) => ({ event_filters, updated_at: NOW - 60_000 });

test.each([
  { name: 'a new listener for job notifications', filters: ['invoice.*', 'job.failed'] },
  { name: 'a listener for all of them', filters: ['job.*'] },
  { name: 'a listener for disabled endpoints', filters: ['endpoint.disabled'] },
  { name: 'a listener that adds one', filters: ['job.failed', 'job.completed'], before: sinceAMinute('job.failed') },
  {
    name: 'a repeat of what another request has asked for just now',
    filters: ['job.failed'],
    before: { event_filters: ['job.failed'], updated_at: NOW - 10 },
  },
  { name: 'an endpoint without filters', filters: undefined, atOnce: true },
  { name: 'an endpoint whose filters are taken away', filters: null, atOnce: true },
  { name: 'a listener for events', filters: ['invoice.*', '*'], atOnce: true },
  {
    name: 'a listener that says again what it said long ago',
    filters: ['job.failed'],
    before: sinceAMinute('job.failed', 'job.*'),
    atOnce: true,
  },
])('$name is acknowledged when all workers know of it', async ({ filters, before, atOnce = false }) => {
  let waited = 0;
  const sleep = async (ms: number) => {
    waited += ms;
  };
  await untilHeard({ now: () => NOW, sleep }, filters, before);
  if (atOnce) expect(waited).toBe(0);
  else expect(waited).toBeGreaterThan(UNHEARD_MS);
});
