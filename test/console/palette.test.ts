import { byId, type Found, matching, once } from '../../console/shell/palette/found.js';

const ID = '01a22eb4be487000a7c40bb14a46574f';

test.each([
  [`run_${ID}`, `/runs/run_${ID}`],
  [`dl_${ID}`, `/dead-letters/dl_${ID}`],
  [`evt_${ID}`, `/events/evt_${ID}`],
  [`xyz_${ID}`, undefined],
  [`run_${ID.slice(1)}`, undefined],
  ['run', undefined],
])('the id %s leads to %s', (id, path) => {
  expect(byId(id)?.path).toBe(path);
});

const offered: readonly Found[] = [
  { kind: 'Endpoint', text: 'The billing of old', note: 'ep_1', path: '/endpoints/ep_1' },
  { kind: 'Endpoint', text: 'Billing', note: 'ep_2', path: '/endpoints/ep_2' },
  { kind: 'Schedule', text: 'Nightly billing', note: 'sch_1', path: '/schedules/sch_1' },
];
const texts = (text: string) => matching(offered, text).map((found) => found.text);

test('all words are wanted, in any order, and what begins with the text is first', () => {
  expect(texts('billing')).toEqual(['Billing', 'The billing of old', 'Nightly billing']);
  expect(texts('old bill')).toEqual(['The billing of old']);
  expect(texts('schedule billing')).toEqual(['Nightly billing']);
  expect(texts('ep_2')).toEqual(['Billing']);
  expect(texts('crm')).toEqual([]);
});

test('a page is offered once, however many sources have it', () => {
  const again = { ...offered[1]!, text: 'Billing, seen before' };
  const filtered = { ...offered[1]!, query: { status: 'open' } };
  expect(once([again, ...offered, filtered])).toEqual([again, offered[0], offered[2], filtered]);
});
