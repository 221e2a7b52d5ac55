import { isoTime } from '../../primitives/moments.js';
import type { StageAlarm } from '../../subjects/alarms/alarm.js';
import type { ShownAlarm } from '../../subjects/alarms/alarm-answers.js';
import { route } from '../http/route.js';

/** Those that ring first, the urgent ones before the others. */
const rankOf = ({ state, severity }: StageAlarm) =>
  (state === 'alarm' ? 0 : state === 'ok' ? 4 : 2) + (severity === 'urgent' ? 0 : 1);

export const routes = [
  route('GET /v1/alarms', {
    access: 'person',
    needs: 'administer',
    summary: "Lists the stage's alarms, those that ring first.",
    description: 'What CloudWatch said up to half a minute ago. The local stack has no alarms.',
    async handle(_request, { alarms }) {
      if (alarms === undefined) return { status: 200, body: { watched: false, data: [] } };
      const sorted = [...(await alarms())].sort((a, b) => rankOf(a) - rankOf(b) || b.since - a.since);
      return { status: 200, body: { watched: true, data: sorted.map(presentAlarm) } };
    },
  }),
];

function presentAlarm({ section, since, ...alarm }: StageAlarm): ShownAlarm {
  return { ...alarm, since: isoTime(since), runbook: `/docs/runbook#${section}` };
}
