import { ConflictError } from '../../primitives/faults.js';

/** Names that a refusal tells; what else there is, it counts as more. */
const MAX_NAMES = 20;
/** So many are to be looked for. */
export const LOOK_FOR = MAX_NAMES + 1;

/** Who uses an object, by kind; such as "Schedules". */
export type Users = Readonly<Record<string, readonly string[]>>;

/** @throws ConflictError naming who uses it */
export function assertUnused(users: Users): void {
  const told = Object.entries(users)
    .filter(([, ids]) => ids.length > 0)
    .map(
      ([kind, ids]) =>
        `${kind} use it: ${ids.slice(0, MAX_NAMES).join(', ')}${ids.length > MAX_NAMES ? ' and more' : ''}.`,
    );
  if (told.length > 0) throw new ConflictError(`${told.join(' ')} Change or delete these first.`);
}
