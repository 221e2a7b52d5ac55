import { isoTime } from '../../../core/moments.js';

/** A time as this dialect shows it: ISO 8601, UTC, without a fraction. */
export function wholeSeconds(at: number): string {
  return isoTime(at).replace(/\.\d+Z$/, 'Z');
}
