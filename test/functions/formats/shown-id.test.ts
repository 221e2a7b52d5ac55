import { ownId, shownId } from '../../../functions/formats/formats.js';
import { makeId, uuidOf } from '../../../functions/primitives/ids.js';

const run = makeId('run', 1_800_000_000_000, Buffer.alloc(8, 7), 3);
const schedule = makeId('sch', 1_800_000_000_000, Buffer.alloc(8, 7));

test.each([
  [undefined, run, run],
  ['raw', schedule, schedule],
  ['notification', run, run],
  ['dispatch', run, uuidOf(run)],
  ['cron-service', run, run.replace('run_', 'ex_')],
  ['cron-service', schedule, schedule.replace('sch_', 'job_')],
  ['cron-service', makeId('ep', 0, Buffer.alloc(8)), makeId('ep', 0, Buffer.alloc(8))],
] as const)('in the format %s, %s is shown as %s, and read back', (format, id, shown) => {
  expect(shownId(format, id)).toBe(shown);
  const [prefix] = id.split('_') as ['run' | 'sch' | 'ep'];
  expect(ownId(prefix, shown)).toBe(id);
  expect(ownId(prefix, id)).toBe(id);
});

test.each(['', 'x', 'job_', 'ex', `job_${'0'.repeat(32)}`, uuidOf(run).slice(1), `${uuidOf(run).slice(0, -13)}`])(
  'what is the id of no run (%j) does not become one',
  (given) => expect(ownId('run', given)).toBe(given),
);
