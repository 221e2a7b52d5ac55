import type { Schemas } from '../../api/client.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { latencyText } from '../../components/durations.js';
import { Moment } from '../../components/moment.js';
import { StatusLamp } from '../../components/status-lamp.js';
import { Waterfall } from './waterfall.js';
import './attempt-comparison.css';

type Attempt = Schemas['DeliveryAttempt'];

/** The attempts of a run beside one another; nothing for a single attempt. */
export function AttemptComparison({ attempts }: { readonly attempts: readonly Attempt[] }) {
  if (attempts.length < 2) return null;
  const longest = Math.max(...attempts.map(({ latency_ms }) => latency_ms), 1);
  const columns: readonly Column<Attempt>[] = [
    { head: 'Attempt', cell: ({ attempt }) => <span class="numeric">{attempt}</span> },
    { head: 'Result', cell: ({ status }) => <StatusLamp status={status} /> },
    {
      head: 'Answer',
      cell: ({ http_status, error }) => <span class="numeric">{http_status ?? error?.code ?? '–'}</span>,
    },
    { head: 'Latency', kind: 'main', cell: (attempt) => <Bar attempt={attempt} longest={longest} /> },
    { head: 'Late by', cell: ({ lateness_ms }) => latencyText(Math.max(0, lateness_ms)) },
    { head: 'Started', cell: ({ started_at }) => <Moment at={started_at} /> },
    { head: 'Answer is', kind: 'wide', cell: (attempt) => <SameAnswer attempt={attempt} among={attempts} /> },
  ];
  return (
    <section class="stack-tight" aria-labelledby="compared">
      <h2 id="compared">Attempts compared</h2>
      <DataTable label="Attempts compared" columns={columns} rows={attempts} keyOf={({ id }) => id} compact />
    </section>
  );
}

function Bar({ attempt, longest }: { readonly attempt: Attempt; readonly longest: number }) {
  return (
    <span class="latency-bar numeric">
      <Waterfall attempt={attempt} longest={longest} />
      {latencyText(attempt.latency_ms)}
    </span>
  );
}

interface SameAnswerProps {
  readonly attempt: Attempt;
  readonly among: readonly Attempt[];
}

/** Whether the body of the answer is that of the attempt before. */
function SameAnswer({ attempt, among }: SameAnswerProps) {
  const before = among[among.indexOf(attempt) - 1];
  if (!before) return <span class="quiet">the first</span>;
  const isSame = before.http_status === attempt.http_status && before.response_body === attempt.response_body;
  return isSame ? <span class="quiet">as before</span> : <span>different</span>;
}
