import type { Schemas } from '../../api/client.js';
import { May } from '../../api/may.js';
import { curlCommand } from '../../components/curl.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loading } from '../../components/loading.js';
import { PageHeader } from '../../components/page-header.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { StatusLamp } from '../../components/status-lamp.js';
import { targetKind } from '../../components/targets.js';
import { Link } from '../../shell/link.js';
import { usePlace } from '../../shell/location.js';
import { isNotification } from './notifications.js';
import { LOOKED_AT, useWebhooks } from './use-webhooks.js';
import './webhooks.css';

type Endpoint = Schemas['Endpoint'];

const COLUMNS: readonly Column<Endpoint>[] = [
  { head: 'Status', cell: ({ status }) => <StatusLamp status={status} /> },
  {
    head: 'Webhook',
    kind: 'main',
    cell: (webhook) => (
      <div>
        <Link to={`/webhooks/${webhook.id}`} class="ellipsis">
          {webhook.name}
        </Link>
        <span class="quiet small ellipsis" title={targetKind(webhook).nameOf(webhook)}>
          {targetKind(webhook).nameOf(webhook)}
        </span>
      </div>
    ),
  },
  { head: 'Events', cell: ({ event_filters }) => <EventList names={event_filters.filter(isNotification)} /> },
];

function EventList({ names }: { readonly names: readonly string[] }) {
  return (
    <span class="event-list">
      {names.map((name) => (
        <code key={name}>{name}</code>
      ))}
    </span>
  );
}

/** The endpoints that get job notifications. */
export function WebhooksPage() {
  const { href } = usePlace();
  const { data, error } = useWebhooks();
  return (
    <div class="stack">
      <PageHeader title="Webhooks">
        <May needs="manage">
          <a class="button primary" href={href('/webhooks/new')}>
            New webhook
          </a>
        </May>
      </PageHeader>
      <p class="quiet">
        A webhook tells a system of yours when a task run succeeds, fails or times out, and when an endpoint is
        disabled.
      </p>
      {error !== undefined && <ProblemNotice error={error} />}
      {data === undefined && error === undefined && <Loading />}
      {data && data.rows.length > 0 && (
        <DataTable label="Webhooks" columns={COLUMNS} rows={data.rows} keyOf={({ id }) => id} />
      )}
      {data?.more && <p class="quiet">Looked for among the newest {LOOKED_AT} endpoints; there are more.</p>}
      {data?.rows.length === 0 && !data.more && <NoWebhooks />}
    </div>
  );
}

function NoWebhooks() {
  const body = { name: 'pager', url: 'https://example.com/hooks', event_filters: ['job.failed'] };
  return (
    <EmptyState title="No endpoint listens yet" command={curlCommand('POST', '/v1/endpoints', body)}>
      A webhook is an endpoint that listens for job notifications. Each is signed, retried and dead-lettered as
      everything else is.
    </EmptyState>
  );
}
