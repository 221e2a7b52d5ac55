import type { Schemas } from '../../api/client.js';
import { latencyText } from '../../components/durations.js';
import { StatusLamp } from '../../components/status-lamp.js';
import { AttemptDetails } from './attempt-details.js';
import { TimelineEntry } from './timeline-entry.js';
import { OwnWaterfall } from './waterfall.js';

interface AttemptEntryProps {
  readonly attempt: Schemas['DeliveryAttempt'];
  /** Whether request and response are shown from the start. */
  readonly open: boolean;
}

/** One HTTP call: its outcome, its latency, and the reason of a failure. */
export function AttemptEntry({ attempt, open }: AttemptEntryProps) {
  const { status, http_status, latency_ms, lateness_ms, error } = attempt;
  const title = (
    <span class="row">
      Attempt {attempt.attempt} <StatusLamp status={status} />
    </span>
  );
  return (
    <TimelineEntry title={title} at={attempt.started_at} tone={status === 'success' ? 'good' : 'bad'}>
      <span class="numeric">
        {http_status !== null && <>HTTP {http_status} · </>}
        took {latencyText(latency_ms)} · started {latencyText(Math.max(0, lateness_ms))} after its moment
      </span>
      <OwnWaterfall attempt={attempt} />
      {error && (
        <p class="break">
          <code>{error.code}</code> {error.message}
        </p>
      )}
      <details open={open}>
        <summary>Request and response</summary>
        <AttemptDetails attempt={attempt} />
      </details>
    </TimelineEntry>
  );
}
