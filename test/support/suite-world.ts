import { World, type WorldOptions } from './world.js';

/** The world of a test file, closed after it. Unless errors are what it is about, the functions must not have met any. */
export function suiteWorld({ errors = false, ...options }: WorldOptions & { errors?: boolean } = {}): Promise<World> {
  const starting = World.start(options);
  starting.catch(() => {}); // every test of the file says it
  afterAll(async () => {
    const world = await starting;
    await world.close();
    if (!errors) expect(world.errors()).toEqual([]);
  });
  return starting;
}
