import { deadLetterItem, deadLetterOf } from '../../../functions/storage/dead-letter-store.js';
import type { DeadLetter } from '../../../functions/subjects/dead-letters/dead-letter.js';
import type { Project } from '../../../functions/subjects/projects/project.js';
import {
  aLetter,
  anAttempt,
  aRunOf,
  NOW,
  type PipelineWorld,
  startPipelineWorld,
} from '../../support/pipeline-world.js';

let world: PipelineWorld;
let project: Project;
let other: Project;
let billing: string;
let letters: DeadLetter[];

beforeAll(async () => {
  world = await startPipelineWorld();
  project = world.addProject(3);
  other = world.addProject();
  billing = world.addEndpoint(project).id;
  const statuses = ['open', 'replayed', 'resolved'] as const;
  const reasons = ['attempts_exhausted', 'given_up'] as const;
  letters = Array.from({ length: 400 }, (_, index) =>
    aLetter(aRunOf(index % 5 ? project : other, index % 2 ? { endpoint_id: billing } : {}, index * 10), {
      status: statuses[index % 3]!,
      reason: reasons[index % 2]!,
      // The newest run is the one that died first.
      created_at: NOW + index,
    }),
  );
  await world.bury(letters);
});
afterAll(() => world.close());

async function list(projects: Project[], filter: object): Promise<string[]> {
  const ids: string[] = [];
  for (let before: string | undefined; ; ) {
    const { rows, end } = await world.ports.deadLetterLists.list(projects, filter, before, 35);
    ids.push(...rows.map(({ id }) => id));
    if (end === undefined) return ids;
    before = end;
  }
}

const idsWhere = (passes: (letter: DeadLetter) => boolean) => letters.filter(passes).map(({ id }) => id);
const ours = (letter: DeadLetter) => letter.project_id === project.id;

it('walks all shards of all projects exactly once, newest first', async () => {
  expect(await list([project, other], {})).toEqual(idsWhere(() => true));
  expect(await list([project], {})).toEqual(idsWhere(ours));
});

it.each(['open', 'replayed', 'resolved'])('filters by status %s', async (status) => {
  expect(await list([project], { status })).toEqual(idsWhere((letter) => ours(letter) && letter.status === status));
});

it('filters by endpoint, reason and status together, within the project', async () => {
  const filter = { endpoint_id: billing, reason: 'given_up', status: 'open' } as const;
  const expected = idsWhere(
    (letter) =>
      ours(letter) && letter.run.endpoint_id === billing && letter.reason === 'given_up' && letter.status === 'open',
  );
  expect(expected.length).toBeGreaterThan(10);
  expect(await list([project], filter)).toEqual(expected);
});

it('filters by the moment of death, not by the id', async () => {
  const expected = letters
    .slice(100, 201)
    .filter(ours)
    .map(({ id }) => id);
  expect(await list([project], { since: NOW + 100, until: NOW + 200 })).toEqual(expected);
});

it('is a row that shows what one looks for, however large its payload is', () => {
  const target = {
    url: 'https://example.com/hook',
    method: 'POST',
    headers: { 'x-team': 'a' },
    timeout_ms: 1_000,
  } as const;
  const payload = { format: 'text', body: 'ab'.repeat(50_000) } as const;
  const run = aRunOf(project, { target, payload, title: 'Invoices' });
  const letter = aLetter(run, { last_attempt: anAttempt(run, 1, { response_body: 'no'.repeat(2_000) }) });
  const row = deadLetterItem(letter);
  expect(row).toMatchObject({
    status: 'open',
    reason: 'attempts_exhausted',
    attempt: 1,
    run: { title: 'Invoices', target: { url: target.url, method: 'POST' }, payload: { format: 'text' } },
    last_attempt: { http_status: 503, error: { code: 'http_503' } },
    created_at: new Date(NOW).toISOString(),
    compressed: expect.any(Uint8Array),
  });
  expect(deadLetterOf(row)).toEqual(letter);
});
