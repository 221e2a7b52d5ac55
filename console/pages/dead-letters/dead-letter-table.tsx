import { answerOf, type Schemas } from '../../api/client.js';
import { useEndpoints } from '../../api/names.js';
import { useProject } from '../../api/project.js';
import { useLive } from '../../api/use-live.js';
import type { Choice } from '../../components/choice.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { shortId } from '../../components/identifier.js';
import { Moment } from '../../components/moment.js';
import { StatusLamp } from '../../components/status-lamp.js';
import { targetKind } from '../../components/targets.js';
import { Link } from '../../shell/link.js';
import { withName } from '../runs/run-table.js';
import { REASONS } from './dead-letter-filters.js';
import { shownEndpoint } from './dead-letter-groups.js';

type Letter = Schemas['DeadLetter'];

interface DeadLetterTableProps {
  readonly letters: readonly Letter[];
  readonly choice?: Choice | undefined;
}

export function DeadLetterTable({ letters, choice }: DeadLetterTableProps) {
  const endpoints = useEndpoints();
  const targets = useInlineTargets(letters);
  const names = new Map([...endpoints].map(([id, { name }]) => [id, name]));
  const columns: readonly Column<Letter>[] = [
    { head: 'Status', cell: ({ status }) => <StatusLamp status={status} /> },
    {
      head: 'Dead letter',
      cell: ({ id }) => (
        <Link to={`/dead-letters/${id}`} title={id} class="nowrap">
          <code>{shortId(id)}</code>
        </Link>
      ),
    },
    {
      head: 'Endpoint',
      kind: 'main',
      cell: (letter) => (
        <div>
          <span class="ellipsis">{withName(letter.name, shownEndpoint(letter, names))}</span>
          <Called target={endpoints.get(letter.endpoint_id ?? '') ?? targets.get(letter.task_id)} />
        </div>
      ),
    },
    { head: 'Error', kind: 'main', cell: (letter) => <LastError letter={letter} /> },
    { head: 'Attempts', kind: 'wide', cell: ({ attempt_count }) => <span class="numeric">{attempt_count}</span> },
    { head: 'Ended', cell: ({ created_at }) => <Moment at={created_at} distance /> },
  ];
  return (
    <DataTable label="Dead letters" columns={columns} rows={letters} keyOf={({ id }) => id} choice={choice} compact />
  );
}

/** The targets of the newest dead task runs, by the task run's id, if a letter has no endpoint. */
function useInlineTargets(letters: readonly Letter[]): ReadonlyMap<string, Schemas['Target'] | undefined> {
  const { api } = useProject();
  const query = { status: 'dead_letter', page_size: 100 } as const;
  const newest = letters.find(({ endpoint_id }) => endpoint_id === null);
  const { data } = useLive(
    newest && `targets until ${newest.id}`,
    (signal) => answerOf(api.GET('/v1/tasks', { params: { query }, signal })),
    { everyMs: false },
  );
  return new Map(data?.data.map(({ id, target }) => [id, target]));
}

/** What was called. */
function Called({ target }: { readonly target: Schemas['Target'] | undefined }) {
  if (!target) return null;
  const call = targetKind(target).callOf(target);
  return (
    <code class="quiet ellipsis" title={call}>
      {call}
    </code>
  );
}

function LastError({ letter: { reason, last_attempt } }: { readonly letter: Letter }) {
  const message = last_attempt === null ? 'never called' : last_attempt.error?.message;
  return (
    <div>
      <span class="two-lines" title={message}>
        {message ?? last_attempt?.status}
      </span>
      <span class="quiet small">{REASONS[reason]}</span>
    </div>
  );
}
