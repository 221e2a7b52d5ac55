import { putByName } from '../../../../functions/api/requests/put-by-name.js';
import { NotFoundError } from '../../../../functions/primitives/faults.js';
import type { NameStore } from '../../../../functions/subjects/projects/names.js';
import { everyInterleaving, type Turn } from '../../../support/every-interleaving.js';

const NAME = { project: 'proj_1', kind: 'ep', name: 'billing' } as const;

/** Objects with their contents, and the claim of the one name; each step is an actor's turn. */
function startWorld(claimed?: string) {
  const objects = new Map<string, string>();
  let claim = claimed;
  const storeOf = (turn: Turn): NameStore => ({
    find: () => turn(() => claim),
    claim: (_name, id) =>
      turn(() => {
        claim ??= id;
        return claim;
      }),
    release: (_name, id) =>
      turn(() => {
        if (claim === id) claim = undefined;
      }),
  });
  const objectOf = (turn: Turn, content: string) => ({
    isThere: (id: string) => turn(() => objects.has(id)),
    make: (id: string) =>
      turn(() => {
        if (!objects.has(id)) objects.set(id, content);
        return content;
      }),
    replace: (id: string) =>
      turn(() => {
        if (!objects.has(id)) throw new NotFoundError('gone');
        objects.set(id, content);
        return content;
      }),
    remove: (id: string) => turn(() => objects.delete(id)),
  });
  return {
    put: (turn: Turn, content: string) => putByName(storeOf(turn), NAME, `ep_${content}`, objectOf(turn, content)),
    /** As the routes delete: the object is found, its name is freed, then it is removed. */
    async remove(turn: Turn, id: string) {
      if (!(await turn(() => objects.has(id)))) return;
      await storeOf(turn).release(NAME, id);
      await turn(() => objects.delete(id));
    },
    objects,
    claim: () => claim,
  };
}
type World = ReturnType<typeof startWorld>;

const now: Turn = async (act) => act();

/** The process dies before its step with this number. */
function dyingAt(step: number, turn: Turn): Turn {
  let steps = 0;
  return (act) => (++steps >= step ? new Promise(() => {}) : turn(act));
}

async function isWhole({ objects, claim }: World): Promise<void> {
  expect([...objects.keys()]).toEqual(claim() === undefined ? [] : [claim()]);
}

async function inEveryOrder(start: (world: World, turn: Turn) => Promise<unknown>[], check: (world: World) => void) {
  let world: World | undefined;
  const orders = await everyInterleaving((turn) => {
    if (world) check(world);
    world = startWorld();
    return start(world, turn).map(async (actor) => void (await actor));
  });
  check(world!);
  expect(orders).toBeGreaterThan(5);
}

test('two requests at the same time make one object', async () => {
  await inEveryOrder(
    (world, turn) => ['a', 'b'].map((content) => world.put(turn, content)),
    (world) => {
      expect(world.objects.size).toBe(1);
      expect([...world.objects.keys()]).toEqual([world.claim()]);
    },
  );
});

test('a deletion at the same time leaves an object with its name, or neither', async () => {
  await inEveryOrder(
    (world, turn) => {
      const made = world.put(now, 'a');
      return [made.then(() => world.put(turn, 'b')), made.then(() => world.remove(turn, 'ep_a'))];
    },
    (world) => void isWhole(world),
  );
});

test.each([1, 2, 3])('the next request takes over what a crash before step %d left', async (step) => {
  const world = startWorld();
  void world.put(dyingAt(step, now), 'a');
  await new Promise(setImmediate);
  const { made, replaced } = await world.put(now, 'b');
  expect(made ?? replaced).toBe('b');
  expect([...world.objects]).toEqual([[world.claim(), 'b']]);
  expect(world.claim()).toBe(step === 1 ? 'ep_b' : 'ep_a'); // the claimed id is made, so that the dead one may wake up
});

test('a repeat of the request that made it changes nothing', async () => {
  const world = startWorld();
  await world.put(now, 'a');
  expect(await world.put(now, 'a')).toEqual({ made: 'a' });
  expect([...world.objects]).toEqual([['ep_a', 'a']]);
});
