import type { Updates } from 'dynalite/db/index.js';

type Section = Updates['sections'][number];

/**
 * Moves the removals of an update expression to its end, inner and last elements first. dynalite removes elements in
 * the expression's order, so that later positions would mean other elements; on AWS positions are those before the
 * update.
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
