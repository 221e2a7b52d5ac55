import { answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { type BulkAction, BulkActions } from '../../components/bulk-actions.js';
import type { Choice } from '../../components/choice.js';
import { CANCEL, isCancellable, REPLAY } from './run-actions.js';
import { deadLetterOf } from './run-end.js';

type Run = Schemas['TaskRun'];

interface BulkRunActionsProps {
  readonly runs: readonly Run[];
  readonly choice: Choice;
  readonly onDone: () => void;
}

/** What can be done with chosen task runs. */
export function BulkRunActions({ runs, choice, onDone }: BulkRunActionsProps) {
  const { api } = useProject();
  const at = (id: string) => ({ params: { path: { id } } });
  const actions: readonly BulkAction<Run>[] = [
    {
      needs: 'publish',
      label: 'Replay',
      confirm: REPLAY,
      applies: ({ status }) => status === 'dead_letter',
      perform: ({ id }) => answerOf(api.POST('/v1/dead-letters/{id}/replay', at(deadLetterOf(id)))),
      callOf: (ids) => ({ path: '/v1/dead-letters/replay', body: { ids: ids.map(deadLetterOf) } }),
    },
    {
      needs: 'publish',
      label: 'Send again',
      confirm: 'A new task run is made of each, with the same payload. The chosen task runs stay as they are.',
      applies: ({ status }) => !isCancellable(status),
      perform: ({ id }) => answerOf(api.POST('/v1/tasks/{id}/resend', { ...at(id), body: {} })),
      callOf: ([id = '']) => ({ path: '/v1/tasks/{id}/resend', id, body: {} }),
    },
    {
      needs: 'publish',
      label: 'Cancel',
      confirm: CANCEL,
      applies: ({ status }) => isCancellable(status),
      perform: ({ id }) => answerOf(api.POST('/v1/tasks/{id}/cancel', at(id))),
      callOf: (ids) => ({ path: '/v1/tasks/cancel', body: { ids } }),
    },
  ];
  return <BulkActions rows={runs} choice={choice} actions={actions} onDone={onDone} />;
}
