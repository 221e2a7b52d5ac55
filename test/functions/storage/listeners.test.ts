import { makeId } from '../../../functions/primitives/ids.js';
import { createConfigStore } from '../../../functions/storage/config-store.js';
import { createFilterHints } from '../../../functions/storage/filter-hints.js';
import { createListeners } from '../../../functions/storage/listeners.js';
import { untilHeard } from '../../../functions/subjects/events/listening.js';
import { anEndpoint } from '../../support/memory-world.js';
import { NOW, type PipelineWorld, startPipelineWorld } from '../../support/pipeline-world.js';

const PROJECT = makeId('proj', NOW, Buffer.alloc(8, 3));

let world: PipelineWorld;
let store: ReturnType<typeof createConfigStore>;
let listeners: ReturnType<typeof createListeners>;

beforeAll(async () => {
  world = await startPipelineWorld();
  store = createConfigStore(world.client, 'config', world.ports.clock);
  listeners = createListeners(world.client, 'config', world.ports.clock);
});
afterAll(() => world.close());

let made = 0;
function listening(...event_filters: string[]) {
  const serial = Buffer.alloc(8);
  serial.writeUInt32BE(++made, 4);
  return anEndpoint({ id: makeId('ep', NOW, serial), project_id: PROJECT, event_filters });
}

async function foundBy(...filters: string[]): Promise<string[]> {
  const { endpoints } = await listeners.candidates(PROJECT, filters, '', 100);
  return endpoints.map(({ id }) => id).sort();
}

/** Calls to DynamoDB that the work makes. */
async function callsOf(work: () => Promise<void>): Promise<number> {
  const send = jest.spyOn(world.client, 'send');
  await work();
  const { length } = send.mock.calls;
  send.mockRestore();
  return length;
}

const changeTo = (id: string, event_filters: readonly string[]) =>
  store.changeEndpoint(PROJECT, id, (current) => ({ ...current, event_filters }));

test('an endpoint is found by what it listens to, as created, changed and deleted', async () => {
  const endpoint = await store.createEndpoint(listening('a.b', 'c.*'));
  expect(await foundBy('a.b')).toEqual([endpoint.id]);
  expect(await foundBy('a.b', 'c.*', 'd')).toEqual([endpoint.id]);
  await changeTo(endpoint.id, ['c.*', 'd']);
  expect([await foundBy('a.b'), await foundBy('c.*'), await foundBy('d')]).toEqual([[], [endpoint.id], [endpoint.id]]);
  expect((await listeners.candidates(makeId('proj', 1, Buffer.alloc(8)), ['d'], '', 10)).endpoints).toEqual([]);
  await store.deleteEndpoint(PROJECT, endpoint.id);
  expect(await foundBy('c.*', 'd')).toEqual([]);
  expect(await changeTo(endpoint.id, ['d'])).toBeUndefined();
  expect(await foundBy('d')).toEqual([]);
});

test('pages go over the union of the filters, ascending, and say when more follow', async () => {
  const all = [];
  for (let n = 0; n < 25; n += 1)
    all.push(await store.createEndpoint(listening(...(n % 3 === 0 ? ['p.q'] : n % 3 === 1 ? ['p.*'] : ['p.q', '*']))));
  const seen: string[] = [];
  let after: string | undefined = '';
  for (let pages = 0; after !== undefined; pages += 1) {
    const page: Awaited<ReturnType<typeof listeners.candidates>> = await listeners.candidates(
      PROJECT,
      ['p.q', 'p.*', '*'],
      after,
      10,
    );
    seen.push(...page.endpoints.map(({ id }) => id).sort());
    after = page.end;
    expect(pages).toBeLessThan(3);
  }
  expect(seen).toEqual(all.map(({ id }) => id));
});

test('a look costs the same however many endpoints listen for something else', async () => {
  await store.createEndpoint(listening('cost.this'));
  const cost = () => callsOf(async () => expect(await foundBy('cost.this', 'cost.*')).toHaveLength(1));
  const before = await cost();
  expect(before).toBe(3);
  const others = Array.from({ length: 120 }, () => store.createEndpoint(listening('cost.that')));
  await Promise.all(others);
  expect(await cost()).toBe(before);
});

test('changes at the same time leave no filter without its hint', async () => {
  const FILTERS = ['r.1', 'r.2', 'r.3', 'r.4'];
  const { id } = await store.createEndpoint(listening('r.1'));
  for (let round = 0; round < 12; round += 1) {
    const subsets = [1, 2, 3].map((salt) =>
      FILTERS.filter((_, index) => (round * salt + index * (salt + round)) % 3 === 0),
    );
    await Promise.all(subsets.map((subset) => changeTo(id, subset)));
    const { event_filters = [] } = (await store.endpoint(PROJECT, id))!;
    for (const filter of event_filters) expect(await foundBy(filter)).toContain(id);
  }
});

test('a filter that is given back while its hint is being deleted keeps its hint', async () => {
  const endpoint = await store.createEndpoint(listening('given.back'));
  const without = { ...endpoint, event_filters: [] };
  const reads = [without, endpoint]; // another change comes in between
  const hints = createFilterHints(world.client, 'config', async () => reads.shift() ?? endpoint);
  await hints.align(PROJECT, endpoint.id, ['given.back']);
  expect(await foundBy('given.back')).toEqual([endpoint.id]);
});

describe('whether there may be a listener', () => {
  const JOB_FAILED = ['job.failed', 'job.*'];

  test('is asked anew only after a while, once for each filter', async () => {
    const project = makeId('proj', NOW, Buffer.alloc(8, 4));
    const calls = await callsOf(async () => {
      for (let n = 0; n < 20; n += 1) expect(await listeners.mayBeAny(project, JOB_FAILED)).toBe(false);
      expect(await listeners.mayBeAny(project, ['job.completed', 'job.*'])).toBe(false);
    });
    expect(calls).toBe(3);
  });

  test.each(['job.failed', 'job.*'])('is known for certain once %s is acknowledged', async (filter) => {
    const project_id = makeId('proj', NOW, Buffer.from(filter.padEnd(8).slice(0, 8)));
    const sleep = async (ms: number) => {
      world.time.now += ms;
    };
    expect(await listeners.mayBeAny(project_id, JOB_FAILED)).toBe(false);
    const made = await store.createEndpoint({ ...listening(filter), project_id });
    expect(await listeners.mayBeAny(project_id, JOB_FAILED)).toBe(false);
    await untilHeard({ ...world.ports.clock, sleep }, made.event_filters);
    expect(await listeners.mayBeAny(project_id, JOB_FAILED)).toBe(true);
  });
});
