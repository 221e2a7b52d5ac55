import { answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { useLive } from '../../api/use-live.js';
import { EmptyState } from '../../components/empty-state.js';
import { Facts } from '../../components/facts.js';
import { Identifier } from '../../components/identifier.js';
import { Labels } from '../../components/labels.js';
import { Loading } from '../../components/loading.js';
import { Moment } from '../../components/moment.js';
import { PageHeader } from '../../components/page-header.js';
import { PayloadBlock } from '../../components/payload-block.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { StatusLamp } from '../../components/status-lamp.js';
import { Link } from '../../shell/link.js';
import type { PageProps } from '../../shell/page-props.js';
import { RunTable } from '../runs/run-table.js';
import '../runs/run-page.css';

type EventWithRuns = Schemas['EventWithTasks'];

const SHOWN_RUNS = 20;

/** One event, and its task runs. */
export function EventPage({ params: { id = '' } }: PageProps) {
  const { api } = useProject();
  const at = { params: { path: { id } } };
  const { data, error } = useLive(id, (signal) => answerOf(api.GET('/v1/events/{id}', { ...at, signal })));
  return (
    <div class="stack">
      <PageHeader title={data?.event_name ?? 'Event'} back={<Link to="/events">Events</Link>} />
      {error !== undefined && <ProblemNotice error={error} />}
      {!data && error === undefined && <Loading />}
      {data && (
        <div class="run-columns">
          <EventFacts event={data} />
          <section class="card card-body stack-tight" aria-labelledby="event-payload">
            <h2 id="event-payload">Payload</h2>
            <PayloadBlock label="Payload" payload={data.payload} />
          </section>
        </div>
      )}
      {data && <FanOut event={data} />}
    </div>
  );
}

function EventFacts({ event }: { readonly event: EventWithRuns }) {
  return (
    <section class="card card-body" aria-label="Details">
      <Facts
        facts={[
          ['Id', <Identifier key="id" id={event.id} />],
          ['Name', <code key="name">{event.event_name}</code>],
          ['Key', event.event_key ?? 'none'],
          ['Labels', Object.keys(event.labels).length > 0 ? <Labels labels={event.labels} /> : undefined],
          ['Published', <Moment key="at" at={event.created_at} distance />],
          ['Fan-out', fanOutText(event)],
        ]}
      />
    </section>
  );
}

/** What the event has led to, as the list of its task runs below shows it. */
function fanOutText({ status, task_counts }: EventWithRuns): string {
  const count = Object.values(task_counts).reduce((sum, some) => sum + some, 0);
  if (status !== 'completed') return `in progress, ${runsText(count)} so far`;
  return count === 0 ? 'completed: no endpoint listens for this name' : `completed, ${runsText(count)}`;
}

const runsText = (count: number): string => (count === 1 ? '1 task run' : `${count} task runs`);

function FanOut({ event }: { readonly event: EventWithRuns }) {
  const counts = Object.entries(event.task_counts);
  return (
    <section class="stack-tight" aria-labelledby="fan-out">
      <div class="row">
        <h2 id="fan-out">Task runs</h2>
        {counts.map(([status, count]) => (
          <span key={status} class="row numeric">
            {count} <StatusLamp status={status} />
          </span>
        ))}
        <Link to="/runs" query={{ event_id: event.id }} class="small">
          All of them
        </Link>
      </div>
      {event.tasks.length > 0 ? (
        <RunTable runs={event.tasks.slice(0, SHOWN_RUNS)} />
      ) : (
        <EmptyState title={event.status === 'completed' ? 'No endpoint listens for this name' : 'No task run yet'} />
      )}
    </section>
  );
}
