import { answerOf, type Schemas } from '../../api/client.js';
import { useSession } from '../../api/session.js';
import { useLive } from '../../api/use-live.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { Moment } from '../../components/moment.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { StatusLamp } from '../../components/status-lamp.js';

type Alarm = Schemas['Alarms']['data'][number];

/** Milliseconds between requests: an alarm looks at whole minutes. */
const EVERY_MS = 60_000;

/** The stage's alarms, for a person who may administer all projects; nothing for others. */
export function useAlarms() {
  const { api, may } = useSession();
  return useLive(
    may('administer', '*') ? 'alarms' : undefined,
    (signal) => answerOf(api.GET('/v1/alarms', { signal })),
    {
      everyMs: EVERY_MS,
    },
  );
}

const COLUMNS: readonly Column<Alarm>[] = [
  {
    head: 'Alarm',
    kind: 'main',
    cell: ({ meaning, name, runbook }) => (
      <a href={runbook} title={`${name}: what to do, in the runbook`}>
        {meaning}
      </a>
    ),
  },
  { head: 'State', cell: ({ state }) => <StatusLamp status={state} /> },
  { head: 'Severity', cell: ({ severity }) => severity },
  { head: 'Since', cell: ({ since }) => <Moment at={since} /> },
  { head: 'Reason', cell: ({ reason }) => <span class="small">{reason}</span> },
];

type Alarms = ReturnType<typeof useAlarms>;

/** The alarms that ring, above all else. */
export function RingingAlarms({ data }: Pick<Alarms, 'data'>) {
  const ringing = data?.data.filter(({ state }) => state === 'alarm') ?? [];
  if (ringing.length === 0) return null;
  return (
    <section class="stack-tight" aria-labelledby="ringing-alarms">
      <h2 id="ringing-alarms">Alarms that ring</h2>
      <DataTable label="Alarms that ring" columns={COLUMNS} rows={ringing} keyOf={({ name }) => name} />
    </section>
  );
}

/** How many alarms are calm, in one line. */
export function CalmAlarms({ data, error }: Pick<Alarms, 'data' | 'error'>) {
  if (error !== undefined) return <ProblemNotice error={error} />;
  if (data === undefined) return null;
  return <p class="quiet small">{calmText(data)}</p>;
}

function calmText({ watched, data }: Schemas['Alarms']): string {
  if (!watched) return 'CloudWatch watches a deployed stage by alarms. This stage runs on a laptop and has none.';
  const [calm, unknown] = (['ok', 'insufficient_data'] as const).map(
    (wanted) => data.filter(({ state }) => state === wanted).length,
  );
  const without = unknown === 0 ? '' : ` ${unknown} have no data yet.`;
  return `Alarms of CloudWatch: ${calm} of ${data.length} are calm.${without}`;
}
