import { changeEndpoint } from '../../../../functions/protocol/limits/change-endpoint.js';
import { type Endpoint, keyOfEndpoint } from '../../../../functions/subjects/endpoints/endpoint.js';
import { anEndpoint, START } from '../../../support/memory-world.js';

/** What is sent and written, in order, when `stored` is changed to have another status. */
async function changed(stored: Endpoint | undefined, status: Endpoint['status']) {
  const done: unknown[] = [];
  let current = stored;
  const stands = await changeEndpoint(
    {
      clock: { now: () => START, sleep: async () => {} },
      wakeUps: { sendToDispatcher: async ({ rev }: { rev: number }) => void done.push(`release ${rev}`) } as never,
      configStore: {
        deleteEndpoint: async () => false,
        changeEndpoint: async (_project, _id, change) => {
          const next = current && change(current);
          if (next !== current) done.push({ status: next!.status, rev: next!.rev });
          current = next;
          return next;
        },
      },
    },
    keyOfEndpoint(anEndpoint()),
    (seen) => ({ ...seen, status }),
  );
  expect(stands).toBe(current);
  return done;
}

test.each<[string, Parameters<typeof anEndpoint>[0], unknown[]]>([
  [
    'releases what it holds, before the first change',
    { status: 'paused' },
    ['release 1', { status: 'active', rev: 1 }],
  ],
  ['and before each later one', { status: 'paused', rev: 6 }, ['release 7', { status: 'active', rev: 7 }]],
  ['releases nothing if it holds nothing', { status: 'disabled', rev: 6 }, [{ status: 'active', rev: 6 }]],
])('an endpoint that becomes active %s', async (_name, before, expected) => {
  expect(await changed(anEndpoint(before), 'active')).toEqual(expected);
});

test('an endpoint that is not there is not changed, and nothing is sent', async () => {
  expect(await changed(undefined, 'active')).toEqual([]);
});
