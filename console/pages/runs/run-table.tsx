import type { Schemas } from '../../api/client.js';
import { useNames } from '../../api/names.js';
import type { Choice } from '../../components/choice.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { shortId } from '../../components/identifier.js';
import { Labels } from '../../components/labels.js';
import { Moment } from '../../components/moment.js';
import { StatusLamp } from '../../components/status-lamp.js';
import { targetKind } from '../../components/targets.js';
import { Link } from '../../shell/link.js';
import { RunSource } from './run-source.js';

type Run = Schemas['TaskRun'];

interface RunTableProps {
  readonly runs: readonly Run[];
  readonly choice?: Choice | undefined;
}

/** Task runs, newest first, as all pages show them. */
export function RunTable({ runs, choice }: RunTableProps) {
  const endpoints = useNames('endpoints');
  const columns: readonly Column<Run>[] = [
    { head: 'Status', cell: ({ status }) => <StatusLamp status={status} /> },
    {
      head: 'Task run',
      cell: ({ id }) => (
        <Link to={`/runs/${id}`} title={id} class="nowrap">
          <code>{shortId(id)}</code>
        </Link>
      ),
    },
    {
      head: 'To',
      kind: 'main',
      cell: (run) => (
        <div>
          <span class="ellipsis">{withName(run.name, destinationText(run, endpoints))}</span>
          <Labels labels={run.labels} atMost={3} />
        </div>
      ),
    },
    { head: 'From', kind: 'wide', cell: ({ source }) => <RunSource source={source} /> },
    { head: 'Attempts', kind: 'wide', cell: (run) => <span class="numeric">{attemptsText(run)}</span> },
    { head: 'Due', cell: ({ run_at }) => <Moment at={run_at} /> },
    { head: 'Ended', kind: 'wide', cell: ({ finished_at }) => <Moment at={finished_at} /> },
  ];
  return <DataTable label="Task runs" columns={columns} rows={runs} keyOf={({ id }) => id} choice={choice} compact />;
}

/** The endpoint's name, or the URL of an inline target. */
export function destinationText({ endpoint_id, target }: Run, endpoints: ReadonlyMap<string, string>): string {
  if (endpoint_id) return endpoints.get(endpoint_id) ?? shortId(endpoint_id);
  return target ? targetKind(target).nameOf(target) : '';
}

/** The run's name before its destination. */
export function withName(name: string | null, to: string): string {
  return name === null ? to : `${name} → ${to}`;
}

const attemptsText = ({ attempt_count, max_attempts }: Run): string => `${attempt_count} of ${max_attempts}`;
