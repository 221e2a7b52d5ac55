import { answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { type BulkAction, BulkActions } from '../../components/bulk-actions.js';
import type { Choice } from '../../components/choice.js';
import { REPLAY } from '../runs/run-actions.js';

type Letter = Schemas['DeadLetter'];

interface BulkLetterActionsProps {
  readonly letters: readonly Letter[];
  readonly choice: Choice;
  readonly onDone: () => void;
}

/** What can be done with chosen dead letters. */
export function BulkLetterActions({ letters, choice, onDone }: BulkLetterActionsProps) {
  const { api } = useProject();
  const at = (id: string) => ({ params: { path: { id } } });
  const actions: readonly BulkAction<Letter>[] = [
    {
      needs: 'publish',
      label: 'Replay',
      confirm: REPLAY,
      applies: ({ status, endpoint_deleted }) => status === 'open' && !endpoint_deleted,
      perform: ({ id }) => answerOf(api.POST('/v1/dead-letters/{id}/replay', at(id))),
      callOf: (ids) => ({ path: '/v1/dead-letters/replay', body: { ids } }),
    },
    {
      needs: 'publish',
      label: 'Resolve',
      confirm: 'They are closed without a call, and cannot be replayed afterwards.',
      note: 'Note: why they need no replay',
      applies: ({ status }) => status === 'open',
      perform: ({ id }, note) => answerOf(api.POST('/v1/dead-letters/{id}/resolve', { ...at(id), body: { note } })),
      callOf: (ids, note) => ({ path: '/v1/dead-letters/resolve', body: { ids, note } }),
    },
  ];
  return <BulkActions rows={letters} choice={choice} actions={actions} onDone={onDone} />;
}
