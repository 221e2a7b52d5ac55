import { answerOf, type Schemas } from '../../api/client.js';
import { May } from '../../api/may.js';
import { useNames } from '../../api/names.js';
import { useProject } from '../../api/project.js';
import { ActionButton } from '../../components/action-button.js';
import { useUndo } from '../../components/undo.js';
import { Link } from '../../shell/link.js';
import { usePlace } from '../../shell/location.js';

type Status = 'active' | 'paused';

interface ScheduleActionsProps {
  readonly schedule: Schemas['Schedule'];
  readonly onDone: () => void;
}

export function ScheduleActions({ schedule: { id, name, status, endpoint_id }, onDone }: ScheduleActionsProps) {
  const { offer, hold } = useUndo();
  const { api } = useProject();
  const { go } = usePlace();
  const endpoints = useNames('endpoints');
  const at = { params: { path: { id } } };
  const set = (next: Status) =>
    answerOf(api.PATCH('/v1/schedules/{id}', { ...at, body: { status: next } })).then(onDone);
  const change = (next: Status, before: Status) => async () => {
    await set(next);
    offer({ text: `“${name}” is ${next}.`, undo: () => set(before) });
  };
  const run = async () => go(`/runs/${(await answerOf(api.POST('/v1/schedules/{id}/run', at))).id}`);
  const remove = async () => {
    const perform = () => answerOf(api.DELETE('/v1/schedules/{id}', { ...at, keepalive: true }));
    hold({ id, text: `“${name}” is deleted in ten seconds.`, perform });
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
      {status === 'active' && <ActionButton needs="manage" label="Pause" perform={change('paused', 'active')} />}
      {status === 'paused' && <ActionButton needs="manage" label="Resume" perform={change('active', 'paused')} />}
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
