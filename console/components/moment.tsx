import { distanceText } from './durations.js';
import { useNow } from './use-now.js';
import { useZone } from './use-zone.js';
import { clockText, wholeText, zoneName } from './zones.js';

interface MomentProps {
  /** A time of the API; a missing time is shown as a dash. */
  readonly at: string | null | undefined;
  /** Zone of the schedule to which the moment belongs. */
  readonly zone?: string;
  /** Also shows the distance from now. */
  readonly distance?: boolean;
}

/** A moment in the chosen zone, which it names; on hover in UTC, too. */
export function Moment({ at, zone: schedules, distance = false }: MomentProps) {
  const zone = useZone(schedules);
  if (!at) return <span class="quiet">–</span>;
  const moment = new Date(at);
  return (
    <time class="numeric" dateTime={at} title={`${wholeText(moment, 'UTC')} (${zone} is shown)`}>
      <span class="nowrap">
        {clockText(moment, zone)} <span class="quiet small">{zoneName(moment, zone)}</span>
      </span>
      {distance && (
        <span class="quiet nowrap">
          {' '}
          (<Distance at={moment.getTime()} />)
        </span>
      )}
    </time>
  );
}

function Distance({ at }: { readonly at: number }) {
  return <>{distanceText(at, useNow())}</>;
}
