import { answerOf, type Schemas } from '../../api/client.js';
import { May } from '../../api/may.js';
import { useProject } from '../../api/project.js';
import { useLive } from '../../api/use-live.js';
import { ActionButton } from '../../components/action-button.js';
import { curlCommand } from '../../components/curl.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loading } from '../../components/loading.js';
import { PageHeader } from '../../components/page-header.js';
import { Pager } from '../../components/pager.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { useUndo } from '../../components/undo.js';
import { Link } from '../../shell/link.js';
import { usePlace } from '../../shell/location.js';
import { DelayLine } from './delay-line.js';
import { delaysOf } from './delays.js';

type Policy = Schemas['RetryPolicy'];

const PAGE_SIZE = 50;
const EVERY_MS = 10_000;

export function RetryPoliciesPage() {
  const { api } = useProject();
  const { cursor } = usePlace().query;
  const { gone } = useUndo();
  const { data, error, refresh } = useLive(
    `retry policies ${cursor}`,
    (signal) =>
      answerOf(api.GET('/v1/retry-policies', { params: { query: { cursor, page_size: PAGE_SIZE } }, signal })),
    { everyMs: EVERY_MS },
  );
  return (
    <div class="stack">
      <PageHeader title="Retry policies">
        <May needs="manage">
          <Link to="/retry-policies/new" class="button primary">
            New retry policy
          </Link>
        </May>
      </PageHeader>
      {error !== undefined && <ProblemNotice error={error} />}
      {!data && error === undefined && <Loading />}
      {data && data.data.length > 0 && (
        <ul class="policy-list">
          {data.data
            .filter(({ id }) => !gone.has(id))
            .map((policy) => (
              <PolicyCard key={policy.id} policy={policy} onDone={refresh} />
            ))}
        </ul>
      )}
      {data?.data.length === 0 && <NoPolicies />}
      <Pager nextCursor={data?.next_cursor} />
    </div>
  );
}

function PolicyCard({ policy, onDone }: { readonly policy: Policy; readonly onDone: () => void }) {
  const { api } = useProject();
  const { id, name, strategy, retry_on_statuses, honor_retry_after, jitter } = policy;
  const { hold } = useUndo();
  const perform = () =>
    answerOf(api.DELETE('/v1/retry-policies/{id}', { params: { path: { id } }, keepalive: true })).then(onDone);
  const remove = async () => hold({ id, text: `“${name}” is deleted in ten seconds.`, perform });
  return (
    <li class="card card-body stack-tight">
      <div class="page-header">
        <div>
          <h2 class="break">{name}</h2>
          <p class="quiet">
            {strategy}, retries {retry_on_statuses ? retry_on_statuses.join(', ') : 'every status but 2xx'}
            {honor_retry_after ? ', waits longer when Retry-After asks for it' : ''}
          </p>
        </div>
        <div class="row">
          <May needs="manage">
            <Link to={`/retry-policies/${id}`} class="button">
              Edit
            </Link>
          </May>
          <ActionButton
            needs="manage"
            label="Delete"
            kind="danger"
            perform={remove}
            confirm="Task runs that named it go on with the default policy. One that an endpoint uses stays."
          />
        </div>
      </div>
      <DelayLine delays={delaysOf(policy)} jitter={jitter === 'full'} />
    </li>
  );
}

function NoPolicies() {
  const body = { name: 'patient', strategy: 'exponential', base_delay_seconds: 10, max_attempts: 8 };
  return (
    <EmptyState title="No retry policies yet" command={curlCommand('POST', '/v1/retry-policies', body)}>
      Without one, a failed task run is tried again after 30 s, 2 min, 10 min, 1 h and 6 h.
    </EmptyState>
  );
}
