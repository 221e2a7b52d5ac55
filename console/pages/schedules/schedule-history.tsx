import { answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { useLive } from '../../api/use-live.js';
import { lazy } from '../../components/lazy.js';
import { useZone } from '../../components/use-zone.js';
import { wholeText } from '../../components/zones.js';
import { Link } from '../../shell/link.js';
import { LastRuns } from '../runs/newest-runs.js';
import './schedule-history.css';
import type { ScheduleTimelineProps } from './schedule-timeline.js';

const READ = 100;
const IN_STRIP = 40;
const EVERY_MS = 4_000;

const Timeline = lazy<ScheduleTimelineProps>(() =>
  import('./schedule-timeline.js').then(({ ScheduleTimeline }) => ScheduleTimeline),
);

/** A schedule's last runs: on an axis of time with the next ones, the newest of them in a strip and in a table. */
export function ScheduleHistory({ schedule }: { readonly schedule: Schemas['Schedule'] }) {
  const { api } = useProject();
  const { id } = schedule;
  const request = { params: { path: { id }, query: { page_size: READ } } };
  const { data, error } = useLive(
    `runs of ${id}`,
    (signal) => answerOf(api.GET('/v1/schedules/{id}/runs', { ...request, signal })),
    { everyMs: EVERY_MS },
  );
  return (
    <>
      {data && schedule.cron && <Timeline schedule={schedule} runs={data.data} more={data.next_cursor !== null} />}
      <LastRuns filter={{ schedule_id: id }} runs={data?.data} error={error}>
        {data && data.data.length > 0 && <Strip runs={data.data.slice(0, IN_STRIP).reverse()} />}
      </LastRuns>
    </>
  );
}

/** The runs in a strip, oldest first. */
function Strip({ runs }: { readonly runs: readonly Schemas['TaskRun'][] }) {
  const zone = useZone();
  return (
    <ol class="history-strip" aria-label="Last task runs, oldest first">
      {runs.map(({ id, status, run_at }) => (
        <li key={id}>
          <Link
            to={`/runs/${id}`}
            class={`history-${status}`}
            title={`${status.replaceAll('_', ' ')}, due ${wholeText(new Date(run_at), zone)}`}
          >
            <span class="unseen">{status.replaceAll('_', ' ')}</span>
          </Link>
        </li>
      ))}
    </ol>
  );
}
