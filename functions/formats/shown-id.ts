import { hexOf, type IdPrefix, uuidOf } from '../primitives/ids.js';
import type { BodyFormat } from './body-format.js';

/** What the cron-service dialect calls a schedule and a run. */
const OF_CRON_SERVICE: Partial<Record<IdPrefix, string>> = { sch: 'job', run: 'ex' };

/** An id in the form in which the callers of a dialect know it; for all others in our own. The digits are the same. */
export function shownId(format: BodyFormat | undefined, id: string): string {
  if (format === 'dispatch') return uuidOf(id);
  const [prefix] = id.split('_') as [IdPrefix];
  const theirs = format === 'cron-service' ? OF_CRON_SERVICE[prefix] : undefined;
  return theirs === undefined ? id : `${theirs}_${hexOf(id)}`;
}

const UUID = /^[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}$/;

/** The id in our own form, given in that or in the form of any dialect; what is none of them stays. */
export function ownId(prefix: IdPrefix, given: string): string {
  if (UUID.test(given)) return `${prefix}_${given.replaceAll('-', '')}`;
  const theirs = OF_CRON_SERVICE[prefix];
  return theirs !== undefined && given.startsWith(`${theirs}_`) ? prefix + given.slice(theirs.length) : given;
}
