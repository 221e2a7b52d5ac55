import type { Schemas } from '../../api/client.js';
import { useNames } from '../../api/names.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { shortId } from '../../components/identifier.js';
import { Moment } from '../../components/moment.js';
import { StatusLamp } from '../../components/status-lamp.js';
import { Link } from '../../shell/link.js';
import { withName } from '../runs/run-table.js';
import { REASONS } from './dead-letter-filters.js';
import { shownEndpoint } from './dead-letter-groups.js';

type Letter = Schemas['DeadLetter'];

export function DeadLetterTable({ letters }: { readonly letters: readonly Letter[] }) {
  const endpoints = useNames('endpoints');
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
      cell: (letter) => <span class="ellipsis">{withName(letter.name, shownEndpoint(letter, endpoints))}</span>,
    },
    { head: 'Reason', cell: ({ reason }) => <span class="nowrap">{REASONS[reason]}</span> },
    { head: 'Answer', cell: ({ last_attempt }) => <LastAnswer attempt={last_attempt} /> },
    { head: 'Attempts', kind: 'wide', cell: ({ attempt_count }) => <span class="numeric">{attempt_count}</span> },
    { head: 'Died', cell: ({ created_at }) => <Moment at={created_at} distance /> },
  ];
  return <DataTable label="Dead letters" columns={columns} rows={letters} keyOf={({ id }) => id} />;
}

function LastAnswer({ attempt }: { readonly attempt: Schemas['DeliveryAttempt'] | null }) {
  if (attempt === null) return <span class="quiet">never called</span>;
  return (
    <span class="numeric" title={attempt.error?.message}>
      {attempt.http_status ?? attempt.error?.code ?? attempt.status}
    </span>
  );
}
