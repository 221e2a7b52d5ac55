import { answerOf, type Schemas } from '../../api/client.js';
import { May } from '../../api/may.js';
import { useNames } from '../../api/names.js';
import { useProject } from '../../api/project.js';
import { ActionButton } from '../../components/action-button.js';
import { Link } from '../../shell/link.js';
import { usePlace } from '../../shell/location.js';

interface ScheduleActionsProps {
  readonly schedule: Schemas['Schedule'];
  readonly onDone: () => void;
}

export function ScheduleActions({ schedule: { id, status, endpoint_id }, onDone }: ScheduleActionsProps) {
  const { api } = useProject();
  const { go } = usePlace();
  const endpoints = useNames('endpoints');
  const at = { params: { path: { id } } };
  const set = (next: 'active' | 'paused') => () =>
    answerOf(api.PATCH('/v1/schedules/{id}', { ...at, body: { status: next } })).then(onDone);
  const run = async () => go(`/runs/${(await answerOf(api.POST('/v1/schedules/{id}/run', at))).id}`);
  const remove = async () => {
    await answerOf(api.DELETE('/v1/schedules/{id}', at));
    go('/schedules');
  };
  return (
    <>
      <ActionButton
        needs="publish"
        label="Run now"
        perform={run}
        confirm={
          <>
            One task run is made at once, and calls{' '}
            {endpoint_id ? (endpoints.get(endpoint_id) ?? 'its endpoint') : 'its target'}. The next run of the schedule
            stays as it is.
          </>
        }
      />
      {status === 'active' && <ActionButton needs="manage" label="Pause" perform={set('paused')} />}
      {status === 'paused' && <ActionButton needs="manage" label="Resume" perform={set('active')} />}
      <May needs="manage">
        <Link to={`/schedules/${id}/edit`} class="button">
          Edit
        </Link>
      </May>
      <ActionButton
        needs="manage"
        label="Delete"
        kind="danger"
        perform={remove}
        confirm="It makes no more task runs. Those that it has made stay."
      />
    </>
  );
}
