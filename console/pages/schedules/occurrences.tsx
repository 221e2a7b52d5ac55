import type { Schemas } from '../../api/client.js';
import { zonedTimes } from './zoned-times.js';
import './occurrences.css';

interface OccurrencesProps {
  readonly preview: Schemas['SchedulePreview'];
  readonly timezone: string;
}

/** A cron expression in words, and its next occurrences in the schedule's zone. */
export function Occurrences({ preview, timezone }: OccurrencesProps) {
  const shifted = new Set(preview.shifted);
  return (
    <div class="stack-tight">
      <p>
        {preview.description} <span class="quiet">({timezone})</span>
      </p>
      <ol class="occurrences numeric">
        {zonedTimes(preview.next, timezone).map(({ at, text, offset, clocksChanged }) => (
          <li key={at}>
            {clocksChanged && <span class="clocks-change">The clocks change to {offset}</span>}
            <time dateTime={at} title={`${at.replace('T', ' ').replace('Z', '')} UTC`}>
              {text}
            </time>
            {shifted.has(at) && <span class="shifted">moved by a clock change</span>}
          </li>
        ))}
      </ol>
    </div>
  );
}
