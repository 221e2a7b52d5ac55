import type { Schemas } from '../../api/client.js';
import { useNames } from '../../api/names.js';
import { durationText } from '../../components/durations.js';
import { Facts } from '../../components/facts.js';
import { Identifier } from '../../components/identifier.js';
import { Labels } from '../../components/labels.js';
import { Moment } from '../../components/moment.js';
import { PayloadBlock } from '../../components/payload-block.js';
import { targetKind } from '../../components/targets.js';
import { Link } from '../../shell/link.js';

const OVERLAP = {
  skip: 'the next one is skipped',
  allow: 'both run',
  cancel_previous: 'the one before is cancelled',
} as const;
const MISFIRE = { fire_once: 'one run for all of them', skip: 'none of them' } as const;

export function ScheduleFacts({ schedule }: { readonly schedule: Schemas['ScheduleWithPayload'] }) {
  const endpoints = useNames('endpoints');
  const { cron, timezone: zone, endpoint_id, target, max_runs, jitter_seconds, signing_key_id } = schedule;
  return (
    <section class="card card-body stack" aria-label="Details">
      <Facts
        facts={[
          ['Id', <Identifier key="id" id={schedule.id} />],
          cron
            ? ['Cron', <code key="cron">{cron}</code>]
            : ['Moment', <Moment key="moment" at={schedule.run_at} zone={zone} />],
          ['Time zone', cron ? zone : undefined],
          ['Next run', <Moment key="next" at={schedule.next_run_at} zone={zone} distance />],
          endpoint_id
            ? [
                'Endpoint',
                <Link key="endpoint" to={`/endpoints/${endpoint_id}`}>
                  {endpoints.get(endpoint_id) ?? endpoint_id}
                </Link>,
              ]
            : ['Target', <code key="target">{target && targetKind(target).callOf(target)}</code>],
          ['While one executes', OVERLAP[schedule.overlap_policy]],
          ['What was missed', MISFIRE[schedule.misfire_policy]],
          ['From', schedule.start_at ? <Moment key="from" at={schedule.start_at} zone={zone} /> : undefined],
          ['Until', schedule.end_at ? <Moment key="until" at={schedule.end_at} zone={zone} /> : undefined],
          [
            'Scheduled runs',
            <>
              {schedule.runs}
              {max_runs !== null && ` of at most ${max_runs}`}{' '}
              <span class="quiet small">(without those that “Run now” made)</span>
            </>,
          ],
          ['Signed with', signing_key_id ? <Identifier key="signing" id={signing_key_id} /> : undefined],
          ['Labels', Object.keys(schedule.labels).length > 0 ? <Labels labels={schedule.labels} /> : undefined],
          ['Jitter', jitter_seconds ? `up to ${durationText(jitter_seconds)}` : undefined],
        ]}
      />
      <div class="stack-tight">
        <h2>Payload</h2>
        <PayloadBlock label="Payload" payload={schedule.payload} />
      </div>
    </section>
  );
}
