import { World, type WorldOptions } from './world.js';

type Options = WorldOptions & { readonly errors?: boolean };

/** The world of a test file, closed after it. Unless errors are what it is about, the functions must not have met any. */
export function suiteWorld(options: Options | Promise<Options> = {}): Promise<World> {
  const starting = Promise.resolve(options).then((given) => World.start(given));
  starting.catch(() => {}); // every test of the file says it
  afterAll(async () => {
    const world = await starting;
    await world.close();
    if (!(await options).errors) expect(world.errors()).toEqual([]);
  });
  return starting;
}
