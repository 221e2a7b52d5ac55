import { answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { useLive } from '../../api/use-live.js';
import { Loading } from '../../components/loading.js';
import { PageHeader } from '../../components/page-header.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { StatusLamp } from '../../components/status-lamp.js';
import { Link } from '../../shell/link.js';
import type { PageProps } from '../../shell/page-props.js';
import { Occurrences } from './occurrences.js';
import { ScheduleActions } from './schedule-actions.js';
import { ScheduleFacts } from './schedule-facts.js';
import { ScheduleHistory } from './schedule-history.js';
import { usePreview } from './use-preview.js';
import '../runs/run-page.css';

const EVERY_MS = 4_000;

export function SchedulePage({ params: { id = '' } }: PageProps) {
  const { api } = useProject();
  const at = { params: { path: { id } } };
  const { data, error, refresh } = useLive(id, (signal) => answerOf(api.GET('/v1/schedules/{id}', { ...at, signal })), {
    everyMs: EVERY_MS,
  });
  return (
    <div class="stack">
      <PageHeader
        title={data?.name ?? 'Schedule'}
        back={<Link to="/schedules">Schedules</Link>}
        beside={data && <StatusLamp status={data.status} />}
      >
        {data && <ScheduleActions schedule={data} onDone={refresh} />}
      </PageHeader>
      {error !== undefined && <ProblemNotice error={error} />}
      {!data && error === undefined && <Loading />}
      {data && (
        <div class="run-columns">
          <ScheduleFacts schedule={data} />
          <NextOccurrences schedule={data} />
        </div>
      )}
      {data && <ScheduleHistory schedule={data} />}
    </div>
  );
}

function NextOccurrences({ schedule }: { readonly schedule: Schemas['ScheduleWithPayload'] }) {
  const { preview } = usePreview(schedule.cron ?? undefined, schedule.timezone);
  if (!schedule.cron) return null;
  return (
    <section class="card card-body stack-tight" aria-labelledby="occurrences">
      <h2 id="occurrences">What its cron expression means</h2>
      {schedule.status !== 'active' && (
        <p class="quiet">The schedule is {schedule.status}: it would run, but does not.</p>
      )}
      {preview && <Occurrences preview={preview} timezone={schedule.timezone} />}
    </section>
  );
}
