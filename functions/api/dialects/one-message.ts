import type { Problem } from '../../runtime/problem.js';

/** A problem in the one sentence that a dialect's errors have: the detail, or every fault behind its field's name. */
export function oneMessage({ detail, errors }: Problem): string {
  if (errors === undefined) return detail;
  return errors.map(({ pointer, message }) => `${fieldOf(pointer)}: ${message}`).join(' ');
}

/** `/headers/host` is `headers.host`; the body as a whole has no name. */
function fieldOf(pointer: string): string {
  return pointer.replace(/^\//, '').replaceAll('/', '.') || 'body';
}
