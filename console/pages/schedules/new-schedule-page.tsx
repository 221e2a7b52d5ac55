import { answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { withoutNulls } from '../../components/form-values.js';
import { PageHeader } from '../../components/page-header.js';
import { Link } from '../../shell/link.js';
import { usePlace } from '../../shell/location.js';
import type { GivenSchedule } from './given-schedule.js';
import { ScheduleForm } from './schedule-form.js';

export function NewSchedulePage() {
  const { api } = useProject();
  const { go } = usePlace();
  const bodyOf = (given: GivenSchedule) => withoutNulls(given) as Schemas['NewSchedule'];
  const create = async (given: GivenSchedule) => {
    const body = bodyOf(given);
    go(`/schedules/${(await answerOf(api.POST('/v1/schedules', { body }))).id}`);
  };
  return (
    <div class="stack">
      <PageHeader title="New schedule" back={<Link to="/schedules">Schedules</Link>} />
      <ScheduleForm
        submit="Create schedule"
        back="/schedules"
        perform={create}
        callOf={(given) => ({ path: '/v1/schedules', body: bodyOf(given) })}
      />
    </div>
  );
}
