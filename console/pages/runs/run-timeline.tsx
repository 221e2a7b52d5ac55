import type { ComponentChildren } from 'preact';
import type { Schemas } from '../../api/client.js';
import { Countdown } from '../../components/countdown.js';
import { Moment } from '../../components/moment.js';
import { AttemptEntry } from './attempt-entry.js';
import { RunEnd } from './run-end.js';
import { TimelineEntry } from './timeline-entry.js';

type Run = Schemas['TaskRunWithAttempts'];

/** A run that was due within this time after its creation did not wait. */
const WAITED_MS = 1000;

/** The timeline of a task run: creation, wait, attempts, and the next step or the end. */
export function RunTimeline({ run }: { readonly run: Run }) {
  const newest = run.attempts.at(-1)?.id;
  return (
    <section class="card card-body stack" aria-labelledby="run-timeline">
      <h2 id="run-timeline">Timeline</h2>
      <ol class="timeline">
        <TimelineEntry title="Created" at={run.created_at}>
          {CREATED[run.source.type]}
        </TimelineEntry>
        {waited(run) && <TimelineEntry title="Waited for its due moment" at={run.run_at} />}
        {run.attempts.map((attempt) => (
          <AttemptEntry
            key={attempt.id}
            attempt={attempt}
            open={attempt.id === newest && attempt.status !== 'success'}
          />
        ))}
        <Upcoming run={run} />
        <RunEnd run={run} />
      </ol>
    </section>
  );
}

const CREATED: Readonly<Record<Run['source']['type'], string>> = {
  api: 'By a request.',
  schedule: 'By an occurrence of its schedule.',
  event: 'By an event that its endpoint listens for.',
  manual: 'By “run now” of its schedule.',
  notification: 'To tell its endpoint of another run.',
  test: 'To test its endpoint.',
};

const waited = ({ run_at, created_at, attempts }: Run): boolean =>
  Date.parse(run_at) - Date.parse(created_at) > WAITED_MS && attempts.length > 0;

function Upcoming({ run }: { readonly run: Run }): ComponentChildren {
  const number = run.attempt_count + 1;
  if (run.status === 'running')
    return <TimelineEntry tone="busy" title={`Attempt ${run.attempts.length + 1} is under way`} />;
  const at = run.next_attempt_at;
  if (!at || (run.status !== 'pending' && run.status !== 'retry_scheduled')) return null;
  return (
    <TimelineEntry tone="waiting" title={`Attempt ${number} of ${run.max_attempts}`}>
      <Countdown at={at} />, at <Moment at={at} />. It waits longer while its endpoint is paused or busy.
    </TimelineEntry>
  );
}
