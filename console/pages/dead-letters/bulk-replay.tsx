import { useState } from 'preact/hooks';
import { answerOf, type Schemas } from '../../api/client.js';
import { useNames } from '../../api/names.js';
import { useProject } from '../../api/project.js';
import { useAction } from '../../api/use-action.js';
import { useLive } from '../../api/use-live.js';
import { Dialog } from '../../components/dialog.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { type LetterFilter, REASONS } from './dead-letter-filters.js';
import { nameOf } from './dead-letter-groups.js';

type Matching = Pick<LetterFilter, 'endpoint_id' | 'reason'>;

interface BulkReplayProps {
  readonly filter: LetterFilter;
  readonly onReplayed: () => void;
}

/** Replays all open dead letters of the chosen endpoint and reason, in the background. */
export function BulkReplay({ filter: { endpoint_id, reason }, onReplayed }: BulkReplayProps) {
  const { api } = useProject();
  const [open, setOpen] = useState(false);
  const [job, setJob] = useState<Schemas['BulkReplay']>();
  const count = useCount(open ? { endpoint_id, reason } : undefined);
  const { run, busy, problem, clear } = useAction(async () => {
    const body = bodyOf({ endpoint_id, reason });
    const begun = await answerOf(api.POST('/v1/dead-letters/replay', { body }));
    if ('id' in begun) setJob(begun);
    onReplayed();
  });
  const close = () => {
    setOpen(false);
    setJob(undefined);
    clear();
    onReplayed();
  };
  return (
    <>
      <button type="button" class="button" onClick={() => setOpen(true)}>
        Replay all that match…
      </button>
      <Dialog label="Replay dead letters" open={open} onClose={close}>
        <WhatMatches endpoint_id={endpoint_id} reason={reason} count={count} />
        {job && <Progress job={job} />}
        <ProblemNotice problem={problem} />
        <div class="actions">
          <button type="button" class="button" onClick={close}>
            {job ? 'Done' : 'Cancel'}
          </button>
          {!job && (
            <button
              type="button"
              class="button primary"
              disabled={busy || count === undefined || count === '0'}
              onClick={() => void run()}
            >
              Replay {count ?? '…'}
            </button>
          )}
        </div>
      </Dialog>
    </>
  );
}

/** The number of open dead letters that match, as the API counts them; undefined until it has. */
function useCount(matching: Matching | undefined): string | undefined {
  const { api } = useProject();
  const { data } = useLive(
    matching && `count ${JSON.stringify(matching)}`,
    async (signal) => {
      const body = { ...bodyOf(matching!), dry_run: true };
      const answer = await answerOf(api.POST('/v1/dead-letters/replay', { body, signal }));
      return 'count' in answer ? `${answer.count}${answer.is_complete ? '' : ' or more'}` : undefined;
    },
    { everyMs: false },
  );
  return data;
}

const bodyOf = ({ endpoint_id, reason }: Matching) => ({
  ...(endpoint_id && { endpoint_id }),
  ...(reason && { reason }),
});

function WhatMatches({ endpoint_id, reason, count }: Matching & { readonly count: string | undefined }) {
  const endpoints = useNames('endpoints');
  return (
    <p aria-live="polite">
      <strong class="numeric">{count ?? 'Counting…'}</strong> open dead {count === '1' ? 'letter' : 'letters'}{' '}
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
      . Each is called again, about fifty a second, with all attempts of its retry policy.
    </p>
  );
}

function Progress({ job }: { readonly job: Schemas['BulkReplay'] }) {
  const { api } = useProject();
  const [over, setOver] = useState(false);
  const params = { path: { id: job.id } };
  const { data = job } = useLive(
    job.id,
    async (signal) => {
      const found = await answerOf(api.GET('/v1/dead-letters/replays/{id}', { params, signal }));
      setOver(found.status === 'completed');
      return found;
    },
    over ? { everyMs: false } : {},
  );
  return (
    <p role="status">
      <strong class="numeric">{data.replayed}</strong> replayed{data.status === 'running' ? ' so far…' : ': done.'}
    </p>
  );
}
