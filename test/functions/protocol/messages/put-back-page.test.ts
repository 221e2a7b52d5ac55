import { putBackPage } from '../../../../functions/protocol/messages/put-back-page.js';
import { COMMIT_WINDOW_MS } from '../../../../functions/protocol/rules/attempt-decision.js';
import type { BulkToken } from '../../../../functions/protocol/rules/token.js';
import { MemoryWorld, START } from '../../../support/memory-world.js';

const token: BulkToken = { kind: 'bulk', project: 'proj_1', sent_at: START, hop: 4, job: 'bulk_1', cursor: '' };

test.each([
  ['comes again while its commit may be on its way', COMMIT_WINDOW_MS - 1, [{ ...token, hop: 5 }]],
  ['is dropped afterwards', COMMIT_WINDOW_MS, []],
])('a page that is ahead of what is recorded %s', async (_name, age, sent) => {
  const world = new MemoryWorld();
  world.now = START + age;
  await putBackPage(world.ports, token);
  expect(world.dispatched).toEqual(sent);
});
