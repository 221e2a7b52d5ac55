import { answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { ActionButton } from '../../components/action-button.js';
import { deadLetterOf, retryJobOf } from './run-end.js';
import { SendAgain } from './send-again.js';

interface RunActionsProps {
  readonly run: Schemas['TaskRunWithAttempts'];
  readonly onDone: () => void;
}

/** What a replay does. */
export const REPLAY =
  'The task run is called again at once, with all attempts of its retry policy. The receiver may get a call that it has had.';

/** What the end of a run by hand does. */
export const CANCEL =
  'It will not be called any more; a call in progress is stopped. A success that is already recorded stays one.';

export const isCancellable = (status: string): boolean => ['pending', 'running', 'retry_scheduled'].includes(status);

/** The actions that a task run's status allows. */
export function RunActions({ run, onDone }: RunActionsProps) {
  const { api } = useProject();
  const at = (id: string) => ({ params: { path: { id } } });
  const retry = () => answerOf(api.POST('/v1/retry-jobs/{id}/run', at(retryJobOf(run.id)))).then(onDone);
  const replay = () => answerOf(api.POST('/v1/dead-letters/{id}/replay', at(deadLetterOf(run.id)))).then(onDone);
  const cancel = () => answerOf(api.POST('/v1/tasks/{id}/cancel', at(run.id))).then(onDone);
  return (
    <>
      {run.status === 'retry_scheduled' && <ActionButton needs="publish" label="Retry now" perform={retry} />}
      {run.status === 'dead_letter' && (
        <ActionButton needs="publish" label="Replay" perform={replay} confirm={REPLAY} />
      )}
      {isCancellable(run.status) ? (
        <ActionButton needs="publish" label="Cancel run" kind="danger" perform={cancel} confirm={CANCEL} />
      ) : (
        <SendAgain run={run} />
      )}
    </>
  );
}
