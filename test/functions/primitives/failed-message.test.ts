import {
  causeOf,
  decideFailure,
  type FailureCause,
  JunkMessageError,
  PlatformError,
  UnknownFormatError,
} from '../../../functions/primitives/failed-message.js';

const SETTINGS = { againMs: 5_000, againMostMs: 900_000, poisonMs: 86_400_000 };
const DAY = 86_400_000;
const NOW = 1_800_000_000_000;

function decide(cause: FailureCause, lastedMs: number, othersSucceed: boolean, count = 40) {
  return decideFailure({ count, since: NOW - lastedMs }, cause, othersSucceed, NOW, SETTINGS).do;
}

test('the copies of a failed message come later and later, up to a quarter of an hour', () => {
  const delays = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1_000].map((count) =>
    decideFailure({ count, since: NOW }, 'own', true, NOW, SETTINGS),
  );
  expect(delays.map((decision) => decision.do === 'again' && decision.delayMs / 1000)).toEqual([
    5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900,
  ]);
});

test.each<[FailureCause, number, boolean, string]>([
  // A platform that fails ends nothing, however long and whatever else succeeds.
  ['platform', 13 * DAY, true, 'again'],
  ['platform', 100 * DAY, true, 'again'],
  // A release that fails on everything ends nothing either, for as long as an outage may last.
  ['own', 13 * DAY, false, 'again'],
  ['own', 14 * DAY, false, 'end'],
  // What fails while others succeed is poison, but not before a release could be rolled back.
  ['own', 0.9 * DAY, true, 'again'],
  ['own', DAY, true, 'end'],
  // A later release may have sent it.
  ['unknown', 13 * DAY, true, 'again'],
  ['unknown', 14 * DAY, true, 'end'],
  ['junk', 0, true, 'leave'],
])('a failure that is %s, after %d ms, others succeeding: %s → %s', (cause, lasted, others, expected) => {
  expect(decide(cause, lasted, others)).toBe(expected);
});

test.each<[string, unknown, FailureCause]>([
  ['a throttled write', named('ProvisionedThroughputExceededException', { $metadata: {} }), 'platform'],
  ['a role without the right', named('AccessDeniedException', { $metadata: {} }), 'platform'],
  ['a timeout of the SDK', named('TimeoutError'), 'platform'],
  ['a broken connection', named('Error', { code: 'ECONNRESET' }), 'platform'],
  ['a refused batch entry', new PlatformError('InternalError'), 'platform'],
  ['a request that AWS calls invalid', named('ValidationException', { $metadata: {} }), 'own'],
  ['an error of Node about an argument', named('TypeError', { code: 'ERR_INVALID_ARG_TYPE' }), 'own'],
  ['a bug', new TypeError('undefined is not a function'), 'own'],
  ['no error at all', 'text', 'own'],
  ['what wraps a throttle', new Error('not done', { cause: named('X', { $metadata: {} }) }), 'platform'],
  ['a row of a later release', new UnknownFormatError('storage format 2'), 'unknown'],
  ['a body that is no JSON', new JunkMessageError(), 'junk'],
])('%s is judged by whose failure it is', (_name, error, expected) => {
  expect(causeOf(error)).toBe(expected);
});

function named(name: string, fields: object = {}): Error {
  return Object.assign(new Error(name), { name }, fields);
}
