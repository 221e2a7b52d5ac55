import { announceIfDue, noteOutcome } from '../../../../functions/protocol/limits/health.js';
import type { Attempt } from '../../../../functions/subjects/task-runs/task-run.js';
import { anEndpoint, anOutcome, FAILED, START } from '../../../support/memory-world.js';

const FIVE_DAYS_MS = 5 * 86_400_000;
const UNDER_WAY_MS = 10 * 60_000;
const GONE = { ...FAILED, http_status: 410 };

/** What is written and sent, in order. */
function recorded() {
  const done: string[] = [];
  const note = (name: string) => async () => {
    done.push(name);
    return true;
  };
  const ports = {
    clock: { now: () => START },
    wakeUps: { sendToDispatcher: async ({ rev }: { rev: number }) => void done.push(`release ${rev}`) },
    health: {
      noteFailing: note('failing'),
      noteRecovered: note('recovered'),
      disable: note('disable'),
      noteAnnounced: note('announced'),
    },
    announceDisabled: note('announce'),
  };
  return { done, ports: ports as never };
}

const DISABLED = ['disable', 'announce', 'announced'];

test.each<[string, Parameters<typeof anEndpoint>[0], Partial<Attempt>, string[]]>([
  ['a first failure is noted', {}, FAILED, ['failing']],
  ['a failure of a disabled endpoint is not', { status: 'disabled' }, FAILED, []],
  ['nor is one within a minute of a recovery', { recovered_at: START - 59_999 }, FAILED, []],
  ['but one after a minute is', { recovered_at: START - 60_000 }, FAILED, ['failing']],
  ['a success after failures is a recovery', { failing_since: START }, {}, ['recovered']],
  ['a success before the first failure is none', { failing_since: START + 1 }, {}, []],
  ['a success at a healthy endpoint writes nothing', {}, {}, []],
  [
    'a failure before five days and what was under way then',
    { failing_since: START - FIVE_DAYS_MS - UNDER_WAY_MS + 1 },
    FAILED,
    [],
  ],
  ['a failure after them disables', { failing_since: START - FIVE_DAYS_MS - UNDER_WAY_MS }, FAILED, DISABLED],
  ['410 disables', {}, GONE, DISABLED],
  [
    '410 of an endpoint that holds runs releases them first',
    { max_concurrency: 1, rev: 4 },
    GONE,
    ['release 5', ...DISABLED],
  ],
])('%s', async (_name, change, outcome, expected) => {
  const { done, ports } = recorded();
  const endpoint = anEndpoint(change);
  const attempt = { ...anOutcome({ ...outcome, finished_at: START }), endpoint_id: endpoint.id } as Attempt;
  await noteOutcome(ports, endpoint, { source: { type: 'api', id: null } }, attempt);
  expect(done).toEqual(expected);
});

test.each<[string, Parameters<typeof anEndpoint>[0], string[]]>([
  ['is announced if that is due', { status: 'disabled', announcement_due: true }, ['announce', 'announced']],
  ['is announced once', { status: 'disabled' }, []],
  ['is not announced once it is over', { status: 'active', announcement_due: true }, []],
])('a disabling %s', async (_name, change, expected) => {
  const { done, ports } = recorded();
  await announceIfDue(ports, anEndpoint(change));
  expect(done).toEqual(expected);
});
