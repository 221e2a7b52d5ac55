import { answerOf } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { useLive } from '../../api/use-live.js';
import { onlyChanges } from '../../components/form-values.js';
import { Loading } from '../../components/loading.js';
import { PageHeader } from '../../components/page-header.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { targetKind } from '../../components/targets.js';
import { Link } from '../../shell/link.js';
import { usePlace } from '../../shell/location.js';
import type { PageProps } from '../../shell/page-props.js';
import type { GivenSchedule } from './given-schedule.js';
import { ScheduleForm } from './schedule-form.js';

export function EditSchedulePage({ params: { id = '' } }: PageProps) {
  const { api } = useProject();
  const { go } = usePlace();
  const at = { params: { path: { id } } };
  const page = `/schedules/${id}`;
  const { data, error } = useLive(id, (signal) => answerOf(api.GET('/v1/schedules/{id}', { ...at, signal })), {
    everyMs: false,
  });
  const changes = (given: GivenSchedule) => {
    const { target, ...shown } = data!;
    return onlyChanges(given, { ...shown, ...(target && { target: targetKind(target).addressOf(target) }) });
  };
  const save = async (given: GivenSchedule) => {
    await answerOf(api.PATCH('/v1/schedules/{id}', { ...at, body: changes(given) }));
    go(page);
  };
  return (
    <div class="stack">
      <PageHeader title="Edit schedule" back={<Link to={page}>{data?.name ?? 'Schedule'}</Link>} />
      {error !== undefined && <ProblemNotice error={error} />}
      {!data && error === undefined && <Loading />}
      {data && (
        <ScheduleForm
          schedule={data}
          submit="Save changes"
          back={page}
          perform={save}
          callOf={(given) => ({ path: '/v1/schedules/{id}', id, body: changes(given) })}
        />
      )}
    </div>
  );
}
