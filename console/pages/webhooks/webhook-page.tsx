import { answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { useAction } from '../../api/use-action.js';
import { useLive } from '../../api/use-live.js';
import { Loading } from '../../components/loading.js';
import { PageHeader } from '../../components/page-header.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { StatusLamp } from '../../components/status-lamp.js';
import { Link } from '../../shell/link.js';
import type { PageProps } from '../../shell/pages.js';
import { Activity } from './activity.js';
import { EventChoice, eventsIn } from './event-choice.js';
import { isNotification } from './notifications.js';
import './webhooks.css';

type Endpoint = Schemas['Endpoint'];

/** One webhook: what it is told of, and how that went. */
export function WebhookPage({ params: { id = '' } }: PageProps) {
  const { api } = useProject();
  const { data, error, refresh } = useLive(id, (signal) =>
    answerOf(api.GET('/v1/endpoints/{id}', { params: { path: { id } }, signal })),
  );
  return (
    <div class="stack">
      <PageHeader
        title={data?.name ?? 'Webhook'}
        back={<Link to="/webhooks">Webhooks</Link>}
        beside={data && <StatusLamp status={data.status} />}
      >
        <Link to={`/endpoints/${id}`} class="button">
          Endpoint
        </Link>
      </PageHeader>
      {error !== undefined && <ProblemNotice error={error} />}
      {data === undefined && error === undefined && <Loading />}
      {data && (
        <p class="break">
          <code>{data.url}</code>
        </p>
      )}
      {data && <Events webhook={data} onChanged={refresh} />}
      <Activity endpoint={id} />
    </div>
  );
}

interface EventsProps {
  readonly webhook: Endpoint;
  readonly onChanged: () => void;
}

/** Other filters of the endpoint stay as they are. */
function Events({ webhook: { id, event_filters }, onChanged }: EventsProps) {
  const { api } = useProject();
  const { run, busy, problem } = useAction(async (form: HTMLFormElement) => {
    const others = event_filters.filter((filter) => !isNotification(filter));
    const options = { params: { path: { id } }, body: { event_filters: [...others, ...eventsIn(form)] } };
    await answerOf(api.PATCH('/v1/endpoints/{id}', options));
    onChanged();
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void run(event.currentTarget as HTMLFormElement);
  };
  return (
    <form class="card card-body stack" onSubmit={submit}>
      <EventChoice chosen={event_filters} problem={problem} />
      <ProblemNotice problem={problem} shown={['/event_filters']} />
      <div class="actions">
        <button type="submit" class="button" disabled={busy}>
          Save events
        </button>
      </div>
    </form>
  );
}
