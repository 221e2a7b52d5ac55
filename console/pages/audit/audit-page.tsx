import type { Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { useLive } from '../../api/use-live.js';
import { CodeBlock } from '../../components/code-block.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyState } from '../../components/empty-state.js';
import { Filters } from '../../components/filters.js';
import { Loading } from '../../components/loading.js';
import { Moment } from '../../components/moment.js';
import { PageHeader } from '../../components/page-header.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { SelectField } from '../../components/select-field.js';
import { usePlace } from '../../shell/location.js';
import { readAudit } from './read-audit.js';

type Entry = Schemas['AuditEntry'];

const PERIODS = [
  ['1', 'the last hour'],
  ['24', 'the last day'],
  ['168', 'the last week'],
  ['720', 'the last 30 days'],
] as const;
const HOUR_MS = 3_600_000;
/** Milliseconds between requests: each reads the whole period. */
const EVERY_MS = 30_000;

const COLUMNS: readonly Column<Entry>[] = [
  { head: 'When', cell: ({ at }) => <Moment at={at} /> },
  { head: 'Who', cell: (entry) => <Actor entry={entry} /> },
  { head: 'What', kind: 'main', cell: (entry) => <What entry={entry} /> },
  { head: 'Result', kind: 'end', cell: resultOf },
];

/** Who changed what in the project, and what was refused, newest first. */
export function AuditPage() {
  const { api } = useProject();
  const { query, filterByField } = usePlace();
  const hours = PERIODS.find(([value]) => value === query['hours'])?.[0] ?? '24';
  const { data, error } = useLive(
    `audit ${hours}`,
    (signal) => readAudit(api, new Date(Date.now() - Number(hours) * HOUR_MS), signal),
    { everyMs: EVERY_MS },
  );
  return (
    <div class="stack">
      <PageHeader title="Audit" />
      <Filters names={['hours']}>
        <SelectField name="hours" label="Period" options={PERIODS} value={hours} onChange={filterByField} />
      </Filters>
      {error !== undefined && <ProblemNotice error={error} />}
      {data === undefined && error === undefined && <Loading />}
      {data && data.rows.length > 0 && (
        <DataTable label="Audit" columns={COLUMNS} rows={data.rows} keyOf={({ id }) => id} compact />
      )}
      {data?.rows.length === 0 && (
        <EmptyState title="Nothing in this period">Changes and refused requests are kept for 400 days.</EmptyState>
      )}
      {data?.isCut && (
        <p role="status">The period has more entries than a page reads: choose a shorter one to see the newest.</p>
      )}
      {data?.more && (
        <p class="quiet">
          These are the newest {data.rows.length}. <code>GET /v1/audit</code> answers all of them.
        </p>
      )}
    </div>
  );
}

function Actor({ entry }: { readonly entry: Entry }) {
  if (entry.type === 'delivery') return <span class="quiet">Punctual</span>;
  return (
    <div>
      <span class="break">{nameOf(entry.actor)}</span>
      <div class="quiet small break">from {entry.source_ip}</div>
    </div>
  );
}

function nameOf(actor: Schemas['AuditChange']['actor']): string {
  if (actor.type === 'person' || actor.type === 'account') return actor.name;
  return actor.type === 'key' ? actor.label : 'unknown';
}

function What({ entry }: { readonly entry: Entry }) {
  if (entry.type === 'delivery')
    return (
      <span class="break">
        attempt {entry.attempt} of <code>{entry.task_id}</code>
      </span>
    );
  const { action, path } = entry;
  return (
    <div>
      <code class="break">{action.replace(/ .*/, ` ${path}`)}</code>
      {entry.type === 'change' && (entry.before !== null || entry.after !== null) && (
        <details>
          <summary class="small">Before and after</summary>
          <CodeBlock label="Before" text={JSON.stringify(entry.before, null, 2)} />
          <CodeBlock label="After" text={JSON.stringify(entry.after, null, 2)} />
        </details>
      )}
    </div>
  );
}

function resultOf(entry: Entry): string {
  if (entry.type === 'delivery') return entry.http_status === null ? entry.outcome : `HTTP ${entry.http_status}`;
  if (entry.type === 'refusal')
    return entry.count > 1 ? `refused ${entry.status}, ${entry.count} times` : `refused ${entry.status}`;
  return entry.status === null ? 'not confirmed' : String(entry.status);
}
