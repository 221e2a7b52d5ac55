import { ConflictError } from '../../primitives/faults.js';

/** Most names that a refusal tells; further names become "and more". */
const MAX_NAMES = 20;
/** Number of users to search for. */
export const LOOK_FOR = MAX_NAMES + 1;

/** Ids of the users of an object, by kind, such as "Schedules". */
export type Users = Readonly<Record<string, readonly string[]>>;

/** @throws ConflictError naming the users */
export function assertUnused(users: Users): void {
  const told = Object.entries(users)
    .filter(([, ids]) => ids.length > 0)
    .map(
      ([kind, ids]) =>
        `${kind} use it: ${ids.slice(0, MAX_NAMES).join(', ')}${ids.length > MAX_NAMES ? ' and more' : ''}.`,
    );
  if (told.length > 0) throw new ConflictError(`${told.join(' ')} Change or delete these first.`);
}
