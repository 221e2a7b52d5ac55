import type { Schemas } from '../../api/client.js';
import { Link } from '../../shell/link.js';
import { TimelineEntry } from './timeline-entry.js';

/** The end of a task run; nothing while the run is open. */
export function RunEnd({ run }: { readonly run: Schemas['TaskRun'] }) {
  const at = run.finished_at;
  switch (run.status) {
    case 'success':
      return <TimelineEntry tone="good" title="Delivered" at={at} />;
    case 'dead_letter':
      return (
        <TimelineEntry tone="bad" title="Became a dead letter" at={at}>
          There are no more attempts, unless you replay it.{' '}
          <Link to={`/dead-letters/${deadLetterOf(run.id)}`}>Open the dead letter</Link>
        </TimelineEntry>
      );
    case 'cancelled':
      return <TimelineEntry title="Cancelled" at={at} />;
    case 'skipped':
      return (
        <TimelineEntry title="Skipped" at={at}>
          The run before was still executing, or its moment was missed.
        </TimelineEntry>
      );
    default:
      return null;
  }
}

/** A run, its dead letter and its retry job share their digits. */
export const deadLetterOf = (run: string): string => run.replace(/^run_/, 'dl_');
export const retryJobOf = (run: string): string => run.replace(/^run_/, 'rj_');
