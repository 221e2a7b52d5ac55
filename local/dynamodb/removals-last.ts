import type { Updates } from 'dynalite/db/index.js';

type Section = Updates['sections'][number];

/**
 * Lets what an update expression takes away go last, the inner and the hindmost first. dynalite removes an element as it
 * comes to it, so that the positions behind it, which on AWS are those of the list before the update, mean other elements.
 */
export function removeLast(updates: Updates): void {
  const takesAway = ({ type }: Section) => type === 'remove' || type === 'delete';
  const removals = updates.sections.filter(takesAway).sort(innerAndHindmostFirst);
  updates.sections = [...updates.sections.filter((section) => !takesAway(section)), ...removals];
}

function innerAndHindmostFirst({ path: a }: Section, { path: b }: Section): number {
  const positions = [a.at(-1), b.at(-1)].map((last) => (typeof last === 'number' ? last : -1));
  return b.length - a.length || positions[1]! - positions[0]!;
}
