import { answerOf, type Schemas } from '../../api/client.js';
import { useSession } from '../../api/session.js';
import { useLive } from '../../api/use-live.js';
import { ActionButton } from '../../components/action-button.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { LastUse } from '../../components/last-use.js';
import { Loading } from '../../components/loading.js';
import { Moment } from '../../components/moment.js';
import { PageHeader } from '../../components/page-header.js';
import { Pager } from '../../components/pager.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { usePlace } from '../../shell/location.js';
import './people.css';

type Session = Schemas['Session'];

/** Milliseconds between requests: `last_used_at` may be a minute old anyway. */
const EVERY_MS = 10_000;

const WAYS: Readonly<Record<Session['signed_in_by'], string>> = {
  operator_key: 'operator key',
  api_key: 'key of a project',
  oidc: 'provider',
  portal_link: 'portal link, not used yet',
  portal: 'portal link',
};

/** The sessions of persons: one's own, or for an admin of all projects those of all persons. */
export function PeoplePage() {
  const { api, may, session: own } = useSession();
  const { cursor } = usePlace().query;
  const { data, error, refresh } = useLive(
    `sessions ${cursor ?? ''}`,
    (signal) => answerOf(api.GET('/v1/sessions', { params: { query: { cursor, page_size: 50 } }, signal })),
    { everyMs: EVERY_MS },
  );
  const columns: readonly Column<Session>[] = [
    { head: 'Person', kind: 'main', cell: (session) => <Person session={session} /> },
    { head: 'Since', cell: ({ created_at, signed_in_from }) => <LastUse at={created_at} from={signed_in_from} /> },
    {
      head: 'Last used',
      cell: ({ last_used_at, last_used_from }) => <LastUse at={last_used_at} from={last_used_from} />,
    },
    { head: 'Until', kind: 'wide', cell: ({ expires_at }) => <Moment at={expires_at} /> },
    {
      head: '',
      kind: 'end',
      cell: (session) => <Ending session={session} isOwn={session.id === own?.id} onEnded={refresh} />,
    },
  ];
  return (
    <div class="stack">
      <PageHeader title="People" />
      <p class="quiet">
        {may('administer', '*') ? 'Who is signed in, to any project.' : 'Where you are signed in.'} A session that is
        ended is refused from its next request on.
      </p>
      {error !== undefined && <ProblemNotice error={error} />}
      {data === undefined && error === undefined && <Loading />}
      {data && <DataTable label="Sessions" columns={columns} rows={data.data} keyOf={({ id }) => id} />}
      <Pager nextCursor={data?.next_cursor} />
    </div>
  );
}

function Person({ session: { name, signed_in_by, roles } }: { readonly session: Session }) {
  const given = new Set(Object.values(roles));
  return (
    <div>
      <span class="break">{name}</span>
      <div class="quiet small">
        by {WAYS[signed_in_by]}; {[...given].join(', ') || 'no role'}
        {roles['*'] && ' of all projects'}
      </div>
    </div>
  );
}

interface EndingProps {
  readonly session: Session;
  readonly isOwn: boolean;
  readonly onEnded: () => void;
}

function Ending({ session: { id, name, subject }, isOwn, onEnded }: EndingProps) {
  const { api } = useSession();
  const end = () => answerOf(api.DELETE('/v1/sessions/{id}', { params: { path: { id } } })).then(onEnded);
  const endAll = () => answerOf(api.DELETE('/v1/sessions', { params: { query: { subject } } })).then(onEnded);
  return (
    <div class="session-actions">
      {isOwn ? <span class="quiet">this session</span> : <ActionButton needs="nothing" label="End" perform={end} />}
      <ActionButton
        needs="nothing"
        label="End all"
        kind="danger"
        perform={endAll}
        confirm={
          <>
            All sessions of <strong class="break">{name}</strong> (<code class="break">{subject}</code>) end
            {isOwn && ', this one too'}. The person can sign in again unless you take the way to do so.
          </>
        }
      />
    </div>
  );
}
