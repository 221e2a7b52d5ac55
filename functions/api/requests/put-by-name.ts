import { ConflictError, NotFoundError } from '../../primitives/faults.js';
import type { NameStore, ObjectName } from '../../subjects/projects/names.js';

/** Most tries of a PUT that loses against deletions at the same time. */
const TRIES = 5;

/** What a PUT does to the object that a name stands for. */
export interface Putting<Answer> {
  isThere(id: string): Promise<boolean>;
  /** Makes the object; a repeat changes nothing. */
  make(id: string): Promise<Answer>;
  /** @throws NotFoundError if there is none any more */
  replace(id: string): Promise<Answer>;
  remove(id: string): Promise<unknown>;
}

/**
 * Makes the object of a free name, or replaces the object that the name stands for. Where the claim is another
 * request's, which may have died before it made the object, the object is made with the claimed id and then replaced.
 * `wanted` is the id of the claim, should the name be free: the same in a repeat of the request.
 */
export async function putByName<Answer>(
  names: NameStore,
  name: ObjectName,
  wanted: string,
  object: Putting<Answer>,
): Promise<{ readonly made?: Answer; readonly replaced?: Answer }> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const id = await names.claim(name, wanted);
    try {
      const made = id === wanted || !(await object.isThere(id)) ? await object.make(id) : undefined;
      if (made === undefined) return { replaced: await object.replace(id) };
      // A deletion may have freed the name before the object was made.
      if ((await names.claim(name, id)) === id)
        return id === wanted ? { made } : { made, replaced: await object.replace(id) };
      await object.remove(id);
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
  }
  throw new ConflictError('The object is being deleted at the same time; try again.');
}
