import type { BodyFormat } from '../../formats/formats.js';
import { shownId } from '../../formats/formats.js';
import { UUID_V7_HEX } from '../../primitives/ids.js';
import type { Problem } from './problem.js';

/**
 * A problem in the one sentence that a dialect's errors have: the detail, or every fault behind its field's name; with the ids
 * that the dialect shows.
 */
export function oneMessage({ detail, errors }: Problem, dialect: BodyFormat): string {
  const faults = errors?.map(({ pointer, message }) => `${fieldOf(pointer)}: ${message}`).join(' ');
  return (faults ?? detail).replace(IDS, (id) => shownId(dialect, id));
}

const IDS = new RegExp(`\\b(?:sch|run)_${UUID_V7_HEX}\\b`, 'g');

/** `/headers/host` is `headers.host`; the body as a whole has no name. */
function fieldOf(pointer: string): string {
  return pointer.replace(/^\//, '').replaceAll('/', '.') || 'body';
}
