import { answerOf, type Schemas } from '../../api/client.js';
import { useMay } from '../../api/may.js';
import { useProject } from '../../api/project.js';
import { useLive } from '../../api/use-live.js';
import { ActionButton } from '../../components/action-button.js';
import { Form } from '../../components/form.js';
import type { Texts } from '../../components/form-values.js';
import { Loading } from '../../components/loading.js';
import { PageHeader } from '../../components/page-header.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { StatusLamp } from '../../components/status-lamp.js';
import { targetKind } from '../../components/targets.js';
import { Link } from '../../shell/link.js';
import type { PageProps } from '../../shell/page-props.js';
import { Activity } from './activity.js';
import { EventChoice, eventsIn } from './event-choice.js';
import { isNotification } from './notifications.js';

type Endpoint = Schemas['Endpoint'];

/** One webhook: its events and its notifications. */
export function WebhookPage({ params: { id = '' } }: PageProps) {
  const { api } = useProject();
  const { data, error, refresh } = useLive(id, (signal) =>
    answerOf(api.GET('/v1/endpoints/{id}', { params: { path: { id } }, signal })),
  );
  const test = () => answerOf(api.POST('/v1/endpoints/{id}/test', { params: { path: { id } } }));
  return (
    <div class="stack">
      <PageHeader
        title={data?.name ?? 'Webhook'}
        back={<Link to="/webhooks">Webhooks</Link>}
        beside={data && <StatusLamp status={data.status} />}
      >
        <ActionButton needs="publish" label="Send a test" perform={test} />
        <Link to={`/endpoints/${id}`} class="button">
          Endpoint
        </Link>
      </PageHeader>
      {error !== undefined && <ProblemNotice error={error} />}
      {data === undefined && error === undefined && <Loading />}
      {data && (
        <p class="break">
          <code>{targetKind(data).nameOf(data)}</code>
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

/** The webhook's events; other filters of the endpoint do not change. */
function Events({ webhook: { id, event_filters }, onChanged }: EventsProps) {
  const { api } = useProject();
  const changes = (texts: Texts) => {
    const others = event_filters.filter((filter) => !isNotification(filter));
    return { event_filters: [...others, ...eventsIn(texts)] };
  };
  const save = async (texts: Texts) => {
    await answerOf(api.PATCH('/v1/endpoints/{id}', { params: { path: { id } }, body: changes(texts) }));
    onChanged();
  };
  return (
    <div class="card card-body">
      <Form
        submit="Save events"
        perform={save}
        pointers={['/event_filters']}
        readOnly={!useMay('manage')}
        callOf={(texts) => ({ path: '/v1/endpoints/{id}', id, body: changes(texts) })}
      >
        {(problem) => <EventChoice chosen={event_filters} problem={problem} />}
      </Form>
    </div>
  );
}
