import { answerOf, type Schemas } from '../../api/client.js';
import { May } from '../../api/may.js';
import { useProject } from '../../api/project.js';
import { useLive } from '../../api/use-live.js';
import { curlCommand } from '../../components/curl.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyState } from '../../components/empty-state.js';
import { FilterField } from '../../components/filter-field.js';
import { Filters } from '../../components/filters.js';
import { shortId } from '../../components/identifier.js';
import { Labels } from '../../components/labels.js';
import { Loading } from '../../components/loading.js';
import { Moment } from '../../components/moment.js';
import { PageHeader } from '../../components/page-header.js';
import { Pager } from '../../components/pager.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { StatusLamp } from '../../components/status-lamp.js';
import { Link } from '../../shell/link.js';
import { usePlace } from '../../shell/location.js';

type PublishedEvent = Schemas['Event'];

const PAGE_SIZE = 25;

export function EventsPage() {
  const { api } = useProject();
  const { event_name, event_key, cursor } = usePlace().query;
  const query = { event_name, event_key, cursor, page_size: PAGE_SIZE };
  const { data, error } = useLive(
    JSON.stringify(query),
    (signal) => answerOf(api.GET('/v1/events', { params: { query }, signal })),
    cursor ? { everyMs: false } : {},
  );
  const isFiltered = Boolean(event_name || event_key || cursor);
  return (
    <div class="stack">
      <PageHeader title="Events">
        <May needs="publish">
          <Link to="/events/new" class="button primary">
            Publish an event
          </Link>
        </May>
      </PageHeader>
      <EventFilters />
      {error !== undefined && <ProblemNotice error={error} />}
      {!data && error === undefined && <Loading />}
      {data && data.data.length > 0 && (
        <DataTable label="Events" columns={COLUMNS} rows={data.data} keyOf={({ id }) => id} compact />
      )}
      {data?.data.length === 0 &&
        (isFiltered ? (
          <EmptyState title="No event here matches">Names and keys are compared as a whole.</EmptyState>
        ) : (
          <NoEvents />
        ))}
      <Pager nextCursor={data?.next_cursor} />
    </div>
  );
}

function EventFilters() {
  return (
    <Filters names={['event_name', 'event_key']}>
      <FilterField name="event_name" label="Name, whole" placeholder="invoice.paid" />
      <FilterField name="event_key" label="Key, whole" placeholder="inv_123" />
    </Filters>
  );
}

const COLUMNS: readonly Column<PublishedEvent>[] = [
  { head: 'Fan-out', cell: ({ status }) => <StatusLamp status={status} /> },
  {
    head: 'Event',
    cell: ({ id }) => (
      <Link to={`/events/${id}`} title={id} class="nowrap">
        <code>{shortId(id)}</code>
      </Link>
    ),
  },
  {
    head: 'Name',
    kind: 'main',
    cell: ({ event_name, labels }) => (
      <div>
        <span class="ellipsis">{event_name}</span>
        <Labels labels={labels} atMost={3} />
      </div>
    ),
  },
  { head: 'Key', kind: 'main', cell: ({ event_key }) => <span class="ellipsis">{event_key ?? '–'}</span> },
  { head: 'Published', cell: ({ created_at }) => <Moment at={created_at} /> },
];

function NoEvents() {
  const body = { event_name: 'invoice.paid', event_key: 'inv_123', payload: { total: 12 } };
  return (
    <EmptyState title="No events yet" command={curlCommand('POST', '/v1/events', body)}>
      An event makes one task run for each endpoint that listens for its name.
    </EmptyState>
  );
}
