import { answerOf, type Schemas } from '../../api/client.js';
import { May } from '../../api/may.js';
import { useProject } from '../../api/project.js';
import { ActionButton } from '../../components/action-button.js';
import { useUndo } from '../../components/undo.js';
import { Link } from '../../shell/link.js';
import { usePlace } from '../../shell/location.js';
import { Recover } from './recover.js';

type Status = Schemas['Endpoint']['status'];

interface EndpointActionsProps {
  readonly endpoint: Schemas['Endpoint'];
  readonly onDone: () => void;
  readonly onSecret: (secret: string) => void;
  readonly onTested: (attempt: Schemas['DeliveryAttempt']) => void;
}

export function EndpointActions({ endpoint, onDone, onSecret, onTested }: EndpointActionsProps) {
  const { api } = useProject();
  const { go } = usePlace();
  const { offer, hold } = useUndo();
  const { id, name, status } = endpoint;
  const at = { params: { path: { id } } };
  const set = (next: Status) =>
    answerOf(api.PATCH('/v1/endpoints/{id}', { ...at, body: { status: next } })).then(onDone);
  const pause = async () => {
    await set('paused');
    offer({ text: `“${name}” is paused.`, undo: () => set('active') });
  };
  const resume = async () => {
    await set('active');
    // A disabled endpoint forgets why it was disabled: to disable it again would not bring that back.
    if (status === 'paused') offer({ text: `“${name}” is active.`, undo: () => set('paused') });
  };
  const test = async () => {
    const answer = await answerOf(api.POST('/v1/endpoints/{id}/test', at));
    // After five seconds without an attempt the answer is the task run; its page shows the rest.
    if ('latency_ms' in answer) onTested(answer);
    else go(`/runs/${answer.id}`);
  };
  const rotate = async () =>
    onSecret((await answerOf(api.POST('/v1/endpoints/{id}/rotate-secret', { ...at, body: {} }))).signing_secret);
  const remove = async () => {
    const perform = () => answerOf(api.DELETE('/v1/endpoints/{id}', { ...at, keepalive: true }));
    hold({ id, text: `“${name}” is deleted in ten seconds.`, perform });
    go('/endpoints');
  };
  return (
    <>
      {status === 'active' && <ActionButton needs="publish" label="Send a test" perform={test} />}
      {status === 'active' && (
        <ActionButton
          needs="manage"
          label="Pause"
          perform={pause}
          confirm="What is due waits, however long, and goes out when you resume."
        />
      )}
      {status !== 'active' && <ActionButton needs="manage" label="Resume" kind="primary" perform={resume} />}
      <Recover endpoint={endpoint} onDone={onDone} />
      <May needs="manage">
        <Link to={`/endpoints/${id}/edit`} class="button">
          Edit
        </Link>
      </May>
      <ActionButton
        needs="manage"
        label="Rotate secret"
        perform={rotate}
        confirm="A new secret signs from now on; the present one signs beside it for a day."
      />
      <ActionButton
        needs="manage"
        label="Delete"
        kind="danger"
        perform={remove}
        confirm="Task runs that still wait for it become dead letters when they are due."
      />
    </>
  );
}
