import type { Schemas } from '../../api/client.js';
import { useEndpoints } from '../../api/names.js';
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
          <Called endpoint={endpoints.get(letter.endpoint_id ?? '')} />
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

/** What was called. */
function Called({ endpoint }: { readonly endpoint: Schemas['Endpoint'] | undefined }) {
  if (!endpoint) return null;
  const call = targetKind(endpoint).callOf(endpoint);
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
      <span class="ellipsis" title={message}>
        {message ?? last_attempt?.status}
      </span>
      <span class="quiet small">{REASONS[reason]}</span>
    </div>
  );
}
