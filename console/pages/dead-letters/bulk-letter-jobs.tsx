import { answerOf, type Schemas } from '../../api/client.js';
import { useNames } from '../../api/names.js';
import { useProject } from '../../api/project.js';
import { BulkJob } from '../../components/bulk-job.js';
import { type LetterFilter, REASONS } from './dead-letter-filters.js';
import { nameOf } from './dead-letter-groups.js';

interface BulkLetterJobsProps {
  readonly filter: LetterFilter;
  readonly onDone: () => void;
}

/** Replays or resolves all open dead letters of the chosen endpoint and reason, in the background. */
export function BulkLetterJobs({ filter: { endpoint_id, reason }, onDone }: BulkLetterJobsProps) {
  const { api } = useProject();
  const matching = { ...(endpoint_id && { endpoint_id }), ...(reason && { reason }) };
  const common = { of: JSON.stringify(matching), onDone };
  const what = (count: string | undefined) => <Matching {...{ endpoint_id, reason, count }} />;
  const replay = (more: object) => answerOf(api.POST('/v1/dead-letters/replay', { body: { ...matching, ...more } }));
  const resolve = (body: Schemas['NewBulkResolution']) => answerOf(api.POST('/v1/dead-letters/resolve', { body }));
  return (
    <>
      <BulkJob
        {...common}
        label="Replay"
        opener="Replay all that match…"
        done="replayed"
        what={(count) => (
          <>{what(count)}. Each is called again, about fifty a second, with all attempts of its retry policy.</>
        )}
        count={() => replay({ dry_run: true })}
        begin={() => replay({})}
        callOf={() => ({ path: '/v1/dead-letters/replay', body: matching })}
      />
      <BulkJob
        {...common}
        label="Resolve"
        opener="Resolve all that match…"
        done="resolved"
        kind="danger"
        note="Note: why they need no replay"
        what={(count) => <>{what(count)}. Each is closed without a call, and cannot be replayed afterwards.</>}
        // The API asks for a note also where it only counts.
        count={(until) => resolve({ ...matching, until, note: 'a count', dry_run: true })}
        begin={(until, note) => resolve({ ...matching, until, note })}
        callOf={(until, note) => ({ path: '/v1/dead-letters/resolve', body: { ...matching, until, note } })}
      />
    </>
  );
}

interface MatchingProps extends Pick<LetterFilter, 'endpoint_id' | 'reason'> {
  readonly count: string | undefined;
}

function Matching({ endpoint_id, reason, count }: MatchingProps) {
  const endpoints = useNames('endpoints');
  return (
    <>
      open dead {count === '1' ? 'letter' : 'letters'}{' '}
      {endpoint_id ? (
        <>
          of <strong class="break">{nameOf(endpoint_id, endpoints)}</strong>
        </>
      ) : (
        'of this project'
      )}
      {reason && (
        <>
          {' '}
          with the reason <strong>{REASONS[reason]}</strong>
        </>
      )}
    </>
  );
}
