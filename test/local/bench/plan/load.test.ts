import { units } from '../../../../local/bench/costs/units.js';
import { dispatcherSeconds } from '../../../../local/bench/plan/load.js';

test('the dispatcher takes what a cron’s GB-seconds are beyond the deliverer’s', () => {
  // Ten fires: 1 GB-second, which is four seconds of 256 MB, three of them the deliverer's.
  const cron = {
    scenario: 'cron',
    atTen: units({ gbSeconds: 0.1 }),
    atOne: units(),
    delivererSeconds: 3,
    apiSeconds: 0,
  };
  expect(dispatcherSeconds(cron)).toBeCloseTo(1);
});
