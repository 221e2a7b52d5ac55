import { describeCron } from '../../cron/describe.js';
import { parseCron } from '../../cron/expression.js';
import { nextOccurrences } from '../../cron/occurrences.js';
import { isoTime } from '../../primitives/moments.js';
import { previewSchema } from '../../subjects/schedules/schedule-schema.js';
import { route } from '../http/route.js';

const PATH = '/v1/schedules';

export const routes = [
  route(`POST ${PATH}/preview`, {
    needs: 'read',
    summary: 'Says what a cron expression means in words, and when it runs next.',
    description: '`next` is strictly after `from`; `shifted` are those of them that a clock change moved.',
    body: previewSchema,
    isUnaudited: true,
    async handle({ body, now }) {
      const { cron, timezone, from = now, count } = body;
      const occurrences = nextOccurrences(parseCron(cron), timezone, from, count);
      const times = (some: typeof occurrences) => some.map(({ at }) => isoTime(at));
      return {
        status: 200,
        body: {
          description: describeCron(cron),
          next: times(occurrences),
          shifted: times(occurrences.filter(({ shifted }) => shifted)),
        },
      };
    },
  }),
];
