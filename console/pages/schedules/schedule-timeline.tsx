import { useRef, useState } from 'preact/hooks';
import { answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { useLive } from '../../api/use-live.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { durationText, latencyText } from '../../components/durations.js';
import { Loading } from '../../components/loading.js';
import { Moment } from '../../components/moment.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { StatusLamp } from '../../components/status-lamp.js';
import { useNow } from '../../components/use-now.js';
import { useZone } from '../../components/use-zone.js';
import { clockText } from '../../components/zones.js';
import { Link } from '../../shell/link.js';
import { firesBetween, runsLeft } from './fires.js';
import { type Bar, SPANS, spanFor, type Timeline, timelineOf } from './timeline.js';
import './schedule-timeline.css';

type Schedule = Schemas['Schedule'];
type Run = Schemas['TaskRun'];

export interface ScheduleTimelineProps {
  readonly schedule: Schedule;
  /** Its newest runs, newest first. */
  readonly runs: readonly Run[];
  /** There are older runs. */
  readonly more: boolean;
}

/** Occurrences to each side of now that are asked for: four answers of the API. */
const MOST = 200;
const AT_ONCE = 6;
const CENTURY_MS = 100 * 365 * 86_400_000;
const EVERY_MS = 10_000;

/** The runs of a schedule and its next occurrences on one axis of time, with now in the middle. */
export function ScheduleTimeline({ schedule, runs, more }: ScheduleTimelineProps) {
  const now = useNow(EVERY_MS);
  const [chosen, choose] = useState<number>();
  const soon = useFires(schedule, 'soon', (at) => ({ from: at, to: at + CENTURY_MS, most: 3 }));
  const seconds = chosen ?? (soon.data && spanFor(soon.data.at, now));
  const half = (seconds ?? 0) * 1000;
  const before = useFires(schedule, seconds && `${seconds} past`, (at) => ({ from: at - half, to: at, most: MOST }));
  const after = useFires(schedule, seconds && `${seconds} next`, (at) => ({ from: at, to: at + half, most: MOST }));
  const [past, next, error] = [before.data, after.data, soon.error ?? before.error ?? after.error];
  const [from, to] = [now - half, now + half];
  const shown = runs.filter(({ finished_at }) => finished_at === null || Date.parse(finished_at) >= from);
  const starts = useStarts(seconds ? shown : []);
  if (!seconds || !past || !next) return error === undefined ? <Loading /> : <ProblemNotice error={error} />;
  const oldest = more ? Date.parse(runs.at(-1)!.created_at) : from;
  const timeline = timelineOf({
    runs: shown,
    starts,
    fires: schedule.status === 'active' ? [...past.at, ...next.at] : next.at,
    now,
    since: Math.max(from, oldest, Date.parse(schedule.updated_at)),
    left: runsLeft(schedule),
  });
  return (
    <section class="card card-body stack-tight schedule-timeline" aria-labelledby="timeline">
      <div class="row apart">
        <h2 id="timeline">Timeline</h2>
        <select
          aria-label="Time to each side of now"
          value={seconds}
          onChange={(event) => choose(Number(event.currentTarget.value))}
        >
          {SPANS.map(([one, name]) => (
            <option key={one} value={one}>
              {name} before and after now
            </option>
          ))}
        </select>
      </div>
      <Drawing timeline={timeline} from={from} to={to} now={now} zone={schedule.timezone} />
      <Legend />
      {(past.more || next.more) && (
        <p class="quiet small">The first {MOST} moments to each side of now are shown; there are more.</p>
      )}
      {more && oldest > from && <p class="quiet small">Of the newest {runs.length} task runs; there are older ones.</p>}
      <details>
        <summary class="small">As a table</summary>
        <TimelineTable timeline={timeline} zone={schedule.timezone} />
      </details>
    </section>
  );
}

type Stretch = (now: number) => { readonly from: number; readonly to: number; readonly most: number };

/** Asked again when the schedule has changed or has fired. */
function useFires(schedule: Schedule, name: string | number | undefined, stretch: Stretch) {
  const { api } = useProject();
  const { id, updated_at, next_run_at } = schedule;
  return useLive(
    name ? `fires ${id} ${name} ${updated_at} ${next_run_at}` : undefined,
    (signal) => firesBetween(api, schedule, stretch(Date.now()), signal),
    { everyMs: false },
  );
}

/** When the first call of each run started. A run is asked for once: that moment stays. */
function useStarts(runs: readonly Run[]): ReadonlyMap<string, number | undefined> {
  const { api } = useProject();
  const { current: starts } = useRef(new Map<string, number | undefined>());
  const unknown = runs.filter((run) => isFirstCallOver(run) && !starts.has(run.id)).map(({ id }) => id);
  useLive(
    unknown.join(' ') || undefined,
    async (signal) => {
      for (let first = 0; first < unknown.length; first += AT_ONCE)
        await Promise.all(unknown.slice(first, first + AT_ONCE).map((task_id) => ask(task_id, signal)));
      return starts.size;
    },
    { everyMs: false },
  );
  return starts;

  async function ask(task_id: string, signal: AbortSignal): Promise<void> {
    const page = await answerOf(api.GET('/v1/deliveries', { params: { query: { task_id, page_size: 100 } }, signal }));
    // The answer is text only for requests that accept CSV.
    const call = (page as Exclude<typeof page, string>).data.find(({ attempt }) => attempt === 1);
    starts.set(task_id, call && Date.parse(call.started_at));
  }
}

const isFirstCallOver = ({ attempt_count, status }: Run): boolean =>
  attempt_count > 1 || (attempt_count === 1 && status !== 'running');

interface DrawingProps {
  readonly timeline: Timeline;
  readonly from: number;
  readonly to: number;
  readonly now: number;
  readonly zone: string;
}

const LANE = 18;
const BAR = 12;
const TOP = 20;
/** The least width of a bar, in hundredths of the axis. */
const LEAST = 0.6;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

function Drawing({ timeline: { bars, missed, next, lanes }, from, to, now, zone: schedules }: DrawingProps) {
  const zone = useZone(schedules);
  const x = (at: number) => Math.min(100, Math.max(0, ((at - from) / (to - from)) * 100));
  const percent = (at: number) => `${x(at)}%`;
  const axis = TOP + lanes * LANE + LANE;
  const words = [
    `${bars.length} task ${bars.length === 1 ? 'run' : 'runs'}`,
    `${bars.filter(({ lateMs }) => lateMs > 0).length} late`,
    `${bars.filter(({ overlaps }) => overlaps).length} still going when the next was due`,
    `${missed.length} missed`,
    `${next.length} next`,
  ];
  return (
    <svg class="timeline-drawing" height={axis + 24} role="img" aria-label={`Timeline: ${words.join(', ')}`}>
      <line class="axis" x1="0" x2="100%" y1={axis} y2={axis} />
      <line class="now" x1="50%" x2="50%" y1={TOP - 4} y2={axis} />
      <text x="50%" y="12" text-anchor="middle">
        now
      </text>
      {TICKS.map((tick) => (
        <text
          key={tick}
          class={tick === 0.25 || tick === 0.75 ? 'if-wide' : ''}
          x={`${tick * 100}%`}
          y={axis + 18}
          text-anchor={tick === 0 ? 'start' : tick === 1 ? 'end' : 'middle'}
        >
          {clockText(new Date(from + tick * (to - from)), zone, new Date(now))}
        </text>
      ))}
      {bars.map((bar) => {
        const y = TOP + bar.lane * LANE;
        const waited = Math.max(0, x(bar.started ?? bar.from) - x(bar.from));
        return (
          <g key={bar.id} class={`bar bar-${bar.status} ${bar.overlaps ? 'overlaps' : ''}`}>
            <title>{wordsOf(bar)}</title>
            {bar.lateMs > 0 && <rect class="late" x={percent(bar.from)} y={y} width={`${waited}%`} height={BAR} />}
            <rect
              x={`${x(bar.from) + waited}%`}
              y={y}
              width={`${Math.max(LEAST, x(bar.to) - x(bar.from) - waited)}%`}
              height={BAR}
              rx="2"
            />
          </g>
        );
      })}
      {missed.map((at) => (
        <svg key={at} class="missed" x={percent(at)} y={axis - 12} overflow="visible">
          <title>missed</title>
          <path d="M-4 -4 4 4M4 -4-4 4" />
        </svg>
      ))}
      {next.map((at) => (
        <circle key={at} class="next" cx={percent(at)} cy={axis - 12} r="4" />
      ))}
    </svg>
  );
}

function Legend() {
  return (
    <ul class="row small quiet timeline-legend" aria-hidden="true">
      <li class="of-bar">a task run, to its end</li>
      <li class="of-late">late: from due to the first call</li>
      <li class="of-overlap">still going when the next was due</li>
      <li class="of-missed">missed: no task run</li>
      <li class="of-next">next</li>
    </ul>
  );
}

/** Notes on a run beside its status. */
function notesOf({ lateMs, overlaps }: Bar): readonly string[] {
  return [
    ...(lateMs > 0 ? [`${durationText(lateMs / 1000)} late`] : []),
    ...(overlaps ? ['still going when the next was due'] : []),
  ];
}

const wordsOf = (bar: Bar): string => [bar.status.replaceAll('_', ' '), ...notesOf(bar)].join(', ');

/** All of them stand in the list above. */
const NEXT_IN_TABLE = 3;

interface Row {
  readonly at: number;
  readonly bar?: Bar;
  readonly what?: 'missed' | 'next';
}

function TimelineTable({ timeline: { bars, missed, next }, zone }: Pick<DrawingProps, 'timeline' | 'zone'>) {
  const rows: readonly Row[] = [
    ...bars.map((bar) => ({ at: bar.from, bar })),
    ...missed.map((at) => ({ at, what: 'missed' as const })),
    ...next.slice(0, NEXT_IN_TABLE).map((at) => ({ at, what: 'next' as const })),
  ].sort((a, b) => b.at - a.at);
  const columns: readonly Column<Row>[] = [
    { head: 'Due', cell: ({ at }) => <Moment at={new Date(at).toISOString()} zone={zone} distance /> },
    { head: 'Task run', cell: ({ bar }) => bar && <Link to={`/runs/${bar.id}`}>…{bar.id.slice(-8)}</Link> },
    {
      head: 'What',
      kind: 'main',
      cell: ({ bar, what }) => (
        <span class="row">
          {bar ? <StatusLamp status={bar.status} /> : <span class={what === 'missed' ? 'bad-text' : ''}>{what}</span>}
          {bar && notesOf(bar).join(', ')}
        </span>
      ),
    },
    { head: 'From due to its end', kind: 'end', cell: ({ bar }) => bar && latencyText(bar.to - bar.from) },
  ];
  const keyOf = ({ at, bar }: Row) => bar?.id ?? String(at);
  return <DataTable label="Timeline" columns={columns} rows={rows} keyOf={keyOf} compact />;
}
