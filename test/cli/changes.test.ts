import { changesOf } from '../../cli/file/changes.js';
import type { Present, PresentObject } from '../../cli/file/present.js';
import type { Definitions, Fields } from '../../cli/file/sections.js';

const wanted = (given: Partial<Definitions>): Definitions => ({
  retry_policies: {},
  endpoints: {},
  schedules: {},
  ...given,
});

function present(given: Partial<Record<keyof Definitions, Record<string, Fields>>>): Present {
  const section = (name: keyof Definitions) =>
    new Map(
      Object.entries(given[name] ?? {}).map(([key, fields]): [string, PresentObject] => [
        key,
        { id: `id of ${key}`, fields },
      ]),
    );
  return {
    retry_policies: section('retry_policies'),
    endpoints: section('endpoints'),
    schedules: section('schedules'),
  };
}

const ENDPOINT = {
  url: 'https://a.example',
  method: 'POST',
  headers: {},
  timeout_ms: 10_000,
  event_filters: [],
  status: 'paused',
};

test('what the file does not name has its default; a pause stays', () => {
  const now = present({ endpoints: { a: { ...ENDPOINT, timeout_ms: 5_000, max_concurrency: 3 } } });
  const [change, ...others] = changesOf(wanted({ endpoints: { a: { url: 'https://a.example' } } }), now, false);
  expect(others).toEqual([]);
  expect(change).toMatchObject({ kind: 'update', id: 'id of a', patch: { timeout_ms: null, max_concurrency: null } });
  expect(Object.keys((change as { patch: object }).patch)).toHaveLength(2);
});

test('a target has the defaults of its kind alone', () => {
  const queue = { type: 'sqs', arn: 'arn:aws:sqs:eu-central-1:123456789012:q' };
  const bus = { type: 'eventbridge', arn: 'arn:aws:events:eu-central-1:123456789012:event-bus/b' };
  const file = (target: object) => wanted({ schedules: { s: { cron: '* * * * *', target } } });
  const now = (target: object) =>
    present({ schedules: { s: { cron: '* * * * *', target: { ...target, timeout_ms: 10_000 } } } });
  expect(changesOf(file(queue), now(queue), false)).toEqual([]);
  expect(changesOf(file(bus), now({ ...bus, source: 'punctual' }), false)).toEqual([]);
  expect(changesOf(file(bus), now({ ...bus, source: 'shop' }), false)).toMatchObject([{ patch: { target: bus } }]);
  const endpoint = present({ endpoints: { e: { ...bus, source: 'shop' } } });
  expect(changesOf(wanted({ endpoints: { e: bus } }), endpoint, false)).toMatchObject([{ patch: { source: null } }]);
});

test('what is there keeps its name; what is made needs one that a path can have', () => {
  const file = wanted({ endpoints: { 'a/b': { url: 'https://a.example' } } });
  expect(changesOf(file, present({ endpoints: { 'a/b': ENDPOINT } }), false)).toEqual([]);
  expect(() => changesOf(file, present({}), false)).toThrow('No endpoint can be made by the name a/b: leave');
});

test('values of headers are not compared, their names are; moments are, however they are written', () => {
  const now = present({
    endpoints: { a: { ...ENDPOINT, headers: { 'X-Key': '***' } } },
    schedules: {
      s: {
        run_at: '2030-01-01T00:00:00.000Z',
        timezone: 'UTC',
        overlap_policy: 'skip',
        misfire_policy: 'fire_once',
        misfire_grace_seconds: 60,
        endpoint: 'a',
      },
    },
  });
  const file = (headers: Record<string, string>, run_at: unknown) =>
    wanted({ endpoints: { a: { url: 'https://a.example', headers } }, schedules: { s: { run_at, endpoint: 'a' } } });
  expect(changesOf(file({ 'x-key': 'v' }, '2030-01-01T01:00:00+01:00'), now, false)).toEqual([]);
  expect(changesOf(file({ 'x-key': 'v' }, 1893456000), now, false)).toEqual([]);
  expect(changesOf(file({ other: 'v' }, '2030-01-02T00:00:00Z'), now, false)).toMatchObject([
    { name: 'a', patch: { headers: { other: 'v' } } },
    { name: 's', patch: { run_at: '2030-01-02T00:00:00Z' } },
  ]);
});

test('objects are made before what names them, and deleted after; and deleted with prune alone', () => {
  const now = present({ retry_policies: { old: {} }, endpoints: { old: ENDPOINT }, schedules: { old: {} } });
  const file = wanted({
    schedules: { s: { cron: '* * * * *', endpoint: 'e' } },
    endpoints: { e: { url: 'https://a.example', retry_policy: 'p' } },
    retry_policies: { p: {} },
  });
  const told = (prune: boolean) => changesOf(file, now, prune).map(({ kind, section }) => `${kind} ${section}`);
  const made = ['create retry_policies', 'create endpoints', 'create schedules'];
  expect(told(false)).toEqual(made);
  expect(told(true)).toEqual([...made, 'delete schedules', 'delete endpoints', 'delete retry_policies']);
});

test('a name that nothing has is refused, also if it would be pruned', () => {
  const now = present({ endpoints: { there: ENDPOINT } });
  const file = wanted({ schedules: { s: { cron: '* * * * *', endpoint: 'there' } } });
  expect(changesOf(file, now, false)).toHaveLength(1);
  expect(() => changesOf(file, now, true)).toThrow('The schedule s names the endpoint there, which is not there.');
});
