import { useState } from 'preact/hooks';
import { answerOf, type Schemas } from '../../api/client.js';
import { useSession } from '../../api/session.js';
import { useLive } from '../../api/use-live.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyState } from '../../components/empty-state.js';
import { LastUse } from '../../components/last-use.js';
import { Loading } from '../../components/loading.js';
import { Moment } from '../../components/moment.js';
import { Pager } from '../../components/pager.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { usePlace } from '../../shell/location.js';
import { NewKey } from './new-key.js';
import { RevokeKey } from './revoke-key.js';
import { StillSigning } from './still-signing.js';

type Key = Schemas['ApiKey'];

/** Milliseconds between requests: `last_used_at` may be a minute old anyway. */
const EVERY_MS = 10_000;

/** A project's API keys: the API shows only the last four characters of each. */
export function Keys({ project }: { readonly project: Schemas['Project'] }) {
  const { api } = useSession();
  const { cursor } = usePlace().query;
  const params = { path: { id: project.id }, query: { cursor, page_size: 50 } };
  const { data, error, refresh } = useLive(
    `${project.id} ${cursor ?? ''}`,
    (signal) => answerOf(api.GET('/v1/projects/{id}/keys', { params, signal })),
    { everyMs: EVERY_MS },
  );
  const [signing, setSigning] = useState<readonly string[]>([]);
  const revoked = (schedules: readonly string[]) => {
    setSigning(schedules);
    refresh();
  };
  const columns: readonly Column<Key>[] = [
    { head: 'Label', kind: 'main', cell: ({ label }) => <span class="ellipsis">{label}</span> },
    { head: 'Key', cell: ({ last_four }) => <code class="nowrap">sk_…{last_four}</code> },
    { head: 'May', cell: ({ scopes }) => scopes.join(', ') },
    { head: 'Created', kind: 'wide', cell: ({ created_at }) => <Moment at={created_at} /> },
    { head: 'Expires', cell: ({ expires_at }) => <Expiry at={expires_at} /> },
    {
      head: 'Last used',
      cell: ({ last_used_at, last_used_from }) => <LastUse at={last_used_at} from={last_used_from} />,
    },
    { head: '', kind: 'end', cell: (key) => <RevokeKey apiKey={key} onRevoked={revoked} /> },
  ];
  return (
    <section class="stack-tight">
      <div class="row apart">
        <h2>API keys</h2>
        <NewKey project={project} onCreated={refresh} />
      </div>
      {error !== undefined && <ProblemNotice error={error} />}
      {data === undefined && error === undefined && <Loading />}
      <StillSigning schedules={signing} />
      {data && data.data.length > 0 && (
        <DataTable label="API keys" columns={columns} rows={data.data} keyOf={({ id }) => id} />
      )}
      {data?.data.length === 0 && <NoKeys />}
      <Pager nextCursor={data?.next_cursor} />
    </section>
  );
}

function Expiry({ at }: { readonly at: string | null }) {
  if (at === null) return <span class="quiet">never</span>;
  return Date.parse(at) <= Date.now() ? <span class="quiet">expired</span> : <Moment at={at} />;
}

function NoKeys() {
  const command = `curl -sS ${location.origin}/v1/endpoints -H "X-API-Key: $KEY"`;
  return (
    <EmptyState title="No API keys yet" command={command}>
      An application sends its project’s key with every request. Create one, put it into <code>$KEY</code>, and try it:
    </EmptyState>
  );
}
