import type { Schemas } from '../../api/client.js';
import { Moment } from '../../components/moment.js';
import { useZone } from '../../components/use-zone.js';
import { wholeText, zoneName } from '../../components/zones.js';
import { zonedTimes } from './zoned-times.js';
import './occurrences.css';

interface OccurrencesProps {
  readonly preview: Schemas['SchedulePreview'];
  readonly timezone: string;
}

/** A cron expression in words, and its next occurrences in the schedule's zone, and in the console's where that is another. */
export function Occurrences({ preview, timezone }: OccurrencesProps) {
  const shifted = new Set(preview.shifted);
  const zone = useZone(timezone);
  return (
    <div class="stack-tight">
      <p>
        {preview.description} <span class="quiet">({timezone})</span>
      </p>
      <ol class="occurrences numeric">
        {zonedTimes(preview.next, timezone).map(({ at, text, offset, clocksChanged }) => (
          <li key={at}>
            {clocksChanged && <span class="clocks-change">The clocks change to {offset}</span>}
            <time dateTime={at} title={wholeText(new Date(at), 'UTC')}>
              {text} <span class="quiet small">{zoneName(new Date(at), timezone)}</span>
            </time>
            {zone !== timezone && (
              <span class="quiet small">
                <Moment at={at} />
              </span>
            )}
            {shifted.has(at) && <span class="shifted">moved by a clock change</span>}
          </li>
        ))}
      </ol>
    </div>
  );
}
