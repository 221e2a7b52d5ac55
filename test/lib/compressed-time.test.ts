import { settingsFor } from '../../lib/config.js';
import { SETTINGS as CHAOS } from '../chaos/settings.js';
import { BATCHES, SETTINGS as CRASH_POINTS } from '../crash-points/settings.js';

/** What may be smaller than what ships, by how much time is compressed. */
const DURATIONS = /Seconds$|^visibilityTimeouts$/;
const FEWER = /Concurrency$/;

test.each([
  ['chaos', CHAOS],
  ['crash points', CRASH_POINTS],
  ['crash points of batches', BATCHES],
])(
  '%s runs at the counts, sizes and limits that ship; time alone is compressed, all of it by one factor',
  (_name, used) => {
    const shipped = settingsFor('local') as unknown as Record<string, number>;
    const deployed = settingsFor('prod') as unknown as Record<string, number>;
    const changed = Object.entries(used as Record<string, number>).filter(([name, value]) => shipped[name] !== value);
    expect(changed.length).toBeGreaterThan(4);
    const factor = shipped['visibilityTimeouts']! / (used as Record<string, number>)['visibilityTimeouts']!;
    for (const [name, value] of changed) {
      if (FEWER.test(name)) expect({ name, fewer: value <= deployed[name]! }).toEqual({ name, fewer: true });
      else {
        expect({ name, isDuration: DURATIONS.test(name) }).toEqual({ name, isDuration: true });
        const exact = shipped[name]! / factor;
        expect({ name, value }).toEqual({ name, value: name === 'visibilityTimeouts' ? exact : Math.ceil(exact) });
      }
    }
  },
);

test('the stage `prod` differs from `dev` in what it keeps and refuses, and in how much at a time', () => {
  const [dev, prod] = [settingsFor('dev'), settingsFor('prod')];
  expect(Object.keys(prod).filter((name) => prod[name as never] !== dev[name as never])).toEqual([
    'stage',
    'removal',
    'logRetentionDays',
    'pointInTimeRecovery',
    'allowHttp',
    'fastLaneConcurrency',
    'slowLaneConcurrency',
    'wakeUpConcurrency',
    'replayConcurrency',
    'quotas',
    'crowdedLaneConcurrency',
    'intakeConcurrency',
    'listeners',
    'apiRequestsPerSecond',
    'apiBurst',
  ]);
});
