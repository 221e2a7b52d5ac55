import { isTicked, isWebhook, NOTIFICATIONS } from '../../../console/pages/webhooks/notifications.js';
import { filtersMatching } from '../../../functions/core/event/event-name.js';

const listensFor = (...event_filters: string[]) => isWebhook({ event_filters });

test('a webhook is who names a job notification; a bare * names none', () => {
  expect([listensFor('job.failed'), listensFor('invoice.*', 'endpoint.*')]).toEqual([true, true]);
  expect([listensFor(), listensFor('*'), listensFor('job_board.created')]).toEqual([false, false, false]);
});

test.each(['job.completed', 'job.*', 'endpoint.*', 'invoice.paid', '*'])('%s ticks what it lets through', (filter) => {
  for (const [name] of NOTIFICATIONS)
    expect([name, isTicked([filter], name)]).toEqual([name, filter !== '*' && filtersMatching(name).includes(filter)]);
});
