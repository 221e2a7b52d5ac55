import { distanceText } from './durations.js';
import { useNow } from './use-now.js';

const TIME: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };
const DAY: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' };
const today = new Intl.DateTimeFormat('en-GB', TIME);
const thisYear = new Intl.DateTimeFormat('en-GB', { ...DAY, ...TIME });
const anyYear = new Intl.DateTimeFormat('en-GB', { ...DAY, year: 'numeric', ...TIME });

interface MomentProps {
  /** A time of the API; a missing time is shown as a dash. */
  readonly at: string | null | undefined;
  /** Also shows the distance from now. */
  readonly distance?: boolean;
}

/** A moment in the viewer's zone, in the shortest clear form; on hover in UTC. */
export function Moment({ at, distance = false }: MomentProps) {
  if (!at) return <span class="quiet">–</span>;
  return (
    <time class="numeric nowrap" dateTime={at} title={`${at.replace('T', ' ').replace('Z', '')} UTC`}>
      {localText(new Date(at))}
      {distance && (
        <span class="quiet">
          {' '}
          (<Distance at={Date.parse(at)} />)
        </span>
      )}
    </time>
  );
}

function Distance({ at }: { readonly at: number }) {
  return <>{distanceText(at, useNow())}</>;
}

function localText(at: Date): string {
  const now = new Date();
  if (at.toDateString() === now.toDateString()) return today.format(at);
  return (at.getFullYear() === now.getFullYear() ? thisYear : anyYear).format(at);
}
