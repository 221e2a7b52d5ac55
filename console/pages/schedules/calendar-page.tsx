import { allPages } from '../../api/all-pages.js';
import { type Api, answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { useLive } from '../../api/use-live.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loading } from '../../components/loading.js';
import { PageHeader } from '../../components/page-header.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { useZone } from '../../components/use-zone.js';
import { formatted } from '../../components/zones.js';
import { Link } from '../../shell/link.js';
import { usePlace } from '../../shell/location.js';
import { firesBetween, runsLeft } from './fires.js';
import { byTimes, DAY_MS, DAYS, type Day, dayOf, daysOf, type Entry, type InWeek, weekFrom } from './week.js';
import './calendar-page.css';

type Schedule = Schemas['Schedule'];

const PAGE_SIZE = 100;
/** Schedules are read from this many pages, the newest first. */
const MOST_PAGES = 20;
/** One answer of the API for each; those of the schedules that fire soonest. */
const MOST_TIMES = 300;
/** One answer of the API. A schedule that fires more often in a week is told by its expression. */
const MOST_FIRES = 50;
const AT_ONCE = 6;
/** Occurrences of a schedule on a day that are written out. */
const WRITTEN = 3;
/** Schedules of a day that are shown at once. */
const SHOWN = 20;

interface Week {
  readonly often: readonly Schedule[];
  readonly found: readonly InWeek[];
  /** Number of schedules that fire in the week perhaps, and were not asked for. */
  readonly left: number;
  /** There are older schedules, which were not read. */
  readonly older: boolean;
}

/** When all schedules fire in a week, day by day. */
export function CalendarPage() {
  const { api } = useProject();
  const { query, path } = usePlace();
  const zone = useZone();
  const weeks = Math.max(0, Math.floor(Number(query['week']) || 0));
  const starts = weekFrom(Date.now() + weeks * DAYS * DAY_MS, zone);
  const [from, to] = [starts[0]!, starts[DAYS]!];
  const { data, error } = useLive(
    `week ${from} ${zone}`,
    (signal) => readWeek(api, Math.max(from, Date.now()), to - 1, signal),
    { everyMs: false },
  );
  return (
    <div class="stack">
      <PageHeader title="Calendar" back={<Link to="/schedules">Schedules</Link>}>
        {weeks > 0 && (
          <Link to={path} query={{ week: String(weeks - 1) }} class="button">
            Previous week
          </Link>
        )}
        <Link to={path} query={{ week: String(weeks + 1) }} class="button">
          Next week
        </Link>
      </PageHeader>
      <p class="quiet">
        When the active schedules fire, from {dayOf(from, zone)} to {dayOf(to - 1, zone)}, in the time zone {zone}.
        Jitter is not shown.
      </p>
      {error !== undefined && <ProblemNotice error={error} />}
      {data === undefined && error === undefined && <Loading />}
      {data && data.often.length > 0 && <Often schedules={data.often} />}
      {data && data.found.length > 0 && (
        <ol class="week">
          {daysOf(starts, data.found).map((day) => (
            <OneDay key={day.at} day={day} zone={zone} />
          ))}
        </ol>
      )}
      {data && data.found.length + data.often.length === 0 && (
        <EmptyState title="Nothing fires in this week">Only active schedules are shown.</EmptyState>
      )}
      {data && data.left > 0 && <p class="quiet">{data.left} more schedules, which fire later, are not shown.</p>}
      {data?.older && <p class="quiet">Of the newest {MOST_PAGES * PAGE_SIZE} schedules; there are more.</p>}
    </div>
  );
}

async function readWeek(api: Api, from: number, to: number, signal: AbortSignal): Promise<Week> {
  const pageAt = (cursor: string | undefined) =>
    answerOf(api.GET('/v1/schedules', { params: { query: { cursor, page_size: PAGE_SIZE } }, signal }));
  const { rows, more } = await allPages(pageAt, MOST_PAGES);
  const times = byTimes(rows.filter((schedule) => runsLeft(schedule) > 0 && Date.parse(schedule.next_run_at!) <= to));
  const asked = times.slice(0, MOST_TIMES);
  const all: InWeek[] = [];
  for (let first = 0; first < asked.length; first += AT_ONCE)
    all.push(...(await Promise.all(asked.slice(first, first + AT_ONCE).map(inWeek))).flat());
  return {
    often: all.filter(({ fires }) => fires.more).map(({ schedule }) => schedule),
    found: all.filter(({ fires }) => !fires.more && fires.at.length > 0),
    left: times.slice(MOST_TIMES).flat().length,
    older: more,
  };

  /** All of them have the same occurrences. */
  async function inWeek(schedules: readonly Schedule[]): Promise<InWeek[]> {
    const most = Math.min(MOST_FIRES, runsLeft(schedules[0]!));
    const found = await firesBetween(api, schedules[0]!, { from, to, most }, signal);
    // Runs that are left to the schedule are all that there will be.
    const fires = { ...found, more: found.more && most === MOST_FIRES };
    return schedules.map((schedule) => ({ schedule, fires }));
  }
}

function Often({ schedules }: { readonly schedules: readonly Schedule[] }) {
  return (
    <section class="card card-body stack-tight" aria-labelledby="often">
      <h2 id="often">{MOST_FIRES} times or more in the week</h2>
      <ul class="stack-tight">
        {schedules.map(({ id, name, cron, timezone }) => (
          <li key={id} class="row">
            <Link to={`/schedules/${id}`}>{name}</Link>
            <code class="nowrap">{cron}</code>
            <span class="quiet small">{timezone}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function OneDay({ day: { at, entries }, zone }: { readonly day: Day; readonly zone: string }) {
  const isToday = dayOf(at, zone) === dayOf(Date.now(), zone);
  return (
    <li class={`card day ${isToday ? 'today' : ''}`}>
      <h2 class="small">
        {formatted(new Date(at), zone, { weekday: 'short', day: 'numeric', month: 'short' })}
        {isToday && <span class="unseen">, today</span>}
      </h2>
      {entries.length === 0 && <p class="quiet small">–</p>}
      <Entries entries={entries.slice(0, SHOWN)} zone={zone} />
      {entries.length > SHOWN && (
        <details>
          <summary class="small">{entries.length - SHOWN} more</summary>
          <Entries entries={entries.slice(SHOWN)} zone={zone} />
        </details>
      )}
    </li>
  );
}

function Entries({ entries, zone }: { readonly entries: readonly Entry[]; readonly zone: string }) {
  return (
    <ul class="stack-tight">
      {entries.map((entry) => (
        <li key={entry.schedule.id}>
          <span class="numeric small">{timesText(entry, zone)}</span>
          <Link to={`/schedules/${entry.schedule.id}`} class="small two-lines" title={entry.schedule.name}>
            {entry.schedule.name}
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** `02:30`, or, of many, how many and between which. */
function timesText({ at }: Entry, zone: string): string {
  const clock = (moment: number) =>
    formatted(new Date(moment), zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  if (at.length <= WRITTEN) return at.map(clock).join(', ');
  return `${at.length} times, ${clock(at[0]!)} to ${clock(at.at(-1)!)}`;
}
