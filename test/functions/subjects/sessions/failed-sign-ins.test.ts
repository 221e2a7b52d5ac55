import { placeOf } from '../../../../functions/subjects/sessions/failed-sign-ins.js';

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:0001:2::', '2001:db8:1:2::/64'],
  ['2001:db8:1:2:ffff::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8::2:0:0:0:1', '2001:db8:0:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::ffff:203.0.113.7', '::ffff:cb00:7107'],
  ['unknown', 'unknown'],
])('failures of %s are counted under %s', (address, place) => {
  expect(placeOf(address)).toBe(place);
});
