import { randomBytes } from 'node:crypto';
import { PayloadGoneError } from '../../functions/protocol/runs/lost-run.js';
import {
  type Attempt,
  pendingState,
  type RunDefinition,
  type RunState,
  redactedRun,
  stateExpiry,
} from '../../functions/subjects/task-runs/task-run.js';
import { anEvent } from '../support/event-stories.js';
import { anAttempt, aRunOf, aState, DAY, NOW } from '../support/pipeline-world.js';
import { atOnce, freshProject, type Stores } from './stores.js';

/** Too long for its event's item, and hard to deflate. */
const LARGE = { format: 'text', body: Array.from({ length: 900 }, (_, n) => (n * 7919) % 100_003).join() } as const;
const SMALL = { format: 'json', body: '{"a":1}' } as const;
const PAYLOADS = [
  ['small', SMALL],
  ['large', LARGE],
] as const;

export function runStoreContract(stores: () => Stores): void {
  const keyOf = ({ project_id, id }: RunDefinition) => ({ project: project_id, run: id });
  const another = (run: RunDefinition) => ({ project: freshProject().id, run: run.id });
  const find = (run: RunDefinition) => stores().runs.find(keyOf(run));

  describe('a definition', () => {
    test.each(PAYLOADS)('is put once, whole, with a %s payload', async (_size, payload) => {
      const { runs } = stores();
      const run = aRunOf(freshProject(), { payload });
      await runs.create(run);
      await runs.create({ ...run, max_attempts: 1 });
      expect(await find(run)).toEqual({ definition: run });
      expect(await runs.glimpse(keyOf(run))).toEqual({ definition: run });
      expect(await runs.definition(keyOf(run))).toEqual(run);
    });

    test('is another project’s nothing', async () => {
      const { runs } = stores();
      const run = aRunOf(freshProject());
      await runs.create(run);
      expect(await runs.find(another(run))).toEqual({});
      expect(await runs.glimpse(another(run))).toEqual({});
      expect(await runs.definition(another(run))).toBeUndefined();
    });

    test('that has expired is absent, and may be put again', async () => {
      const { runs, time } = stores();
      const run = aRunOf(freshProject(), { payload: LARGE, expires_at: NOW + DAY });
      await runs.create(run);
      time.now = NOW + DAY - 1_000;
      expect(await find(run)).toEqual({ definition: run });
      time.now = NOW + DAY;
      expect(await find(run)).toEqual({});
      expect(await runs.glimpse(keyOf(run))).toEqual({});
      expect(await runs.definition(keyOf(run))).toBeUndefined();
      const anew = { ...run, max_attempts: 1, expires_at: NOW + 9 * DAY };
      await runs.create(anew);
      expect(await find(run)).toEqual({ definition: anew });
    });

    test('may expire before its state', async () => {
      const { runs, time } = stores();
      const { run, state } = await begun({ expires_at: NOW + DAY });
      time.now = NOW + DAY;
      expect(await find(run)).toEqual({ state });
      expect(await runs.glimpse(keyOf(run))).toEqual({ state });
    });

    test('lives to the end of the second in which it ends', async () => {
      const { runs, time } = stores();
      const run = aRunOf(freshProject(), { expires_at: NOW + 1 });
      await runs.create(run);
      time.now = NOW + 999;
      expect((await find(run)).definition).toEqual({ ...run, expires_at: NOW + 1_000 });
    });
  });

  describe('a state', () => {
    test('begins once, however many try', async () => {
      const { runs } = stores();
      const run = aRunOf(freshProject());
      await runs.create(run);
      const began = await atOnce(5, (n) => runs.begin(keyOf(run), aState(run, { reclaims: n })));
      expect(began.filter(Boolean)).toHaveLength(1);
      expect((await find(run)).state!.reclaims).toBe(began.indexOf(true));
    });

    test('begins over one that has expired, which is absent', async () => {
      const { runs, time } = stores();
      const { run, state } = await begun({ expires_at: NOW + DAY }, { cancel_requested: true });
      time.now = stateExpiry(NOW + DAY) - 1_000;
      expect(await find(run)).toEqual({ state });
      expect(await runs.isCancelRequested(keyOf(run))).toBe(true);
      expect(await runs.begin(keyOf(run), state)).toBe(false);
      time.now = stateExpiry(NOW + DAY);
      expect(await find(run)).toEqual({});
      expect(await runs.glimpse(keyOf(run))).toEqual({});
      expect(await runs.isCancelRequested(keyOf(run))).toBe(false);
      const anew = { ...state, epoch: 1, expires_at: NOW + 90 * DAY };
      expect(await runs.begin(keyOf(run), anew)).toBe(true);
      expect((await find(run)).state).toEqual(anew);
    });

    test('moves on from the version that was read, and from no other', async () => {
      const { runs } = stores();
      const { run, state } = await begun();
      const second: RunState = { ...state, version: 2, status: 'running', nonce: 'att_1', lease: NOW + 5 };
      expect(await runs.advance(keyOf(run), { ...state, version: 0 }, second)).toBe(false);
      expect(await runs.advance(keyOf(run), second, { ...second, version: 3 })).toBe(false);
      expect(await runs.advance(keyOf(run), state, second)).toBe(true);
      expect(await runs.advance(keyOf(run), state, second)).toBe(false);
      expect(await find(run)).toEqual({ definition: run, state: second });
      expect(await runs.glimpse(keyOf(run))).toEqual({ definition: run, state: second });
    });

    test('moves on once, however many have read the same', async () => {
      const { runs } = stores();
      const { run, state } = await begun();
      const moved = await atOnce(5, (n) => runs.advance(keyOf(run), state, { ...state, version: 2, reclaims: n }));
      expect(moved.filter(Boolean)).toHaveLength(1);
      expect((await find(run)).state!.reclaims).toBe(moved.indexOf(true));
    });

    test('that never began does not move on', async () => {
      const { runs } = stores();
      const run = aRunOf(freshProject());
      await runs.create(run);
      expect(await runs.advance(keyOf(run), pendingState(run), aState(run, {}))).toBe(false);
      expect(await find(run)).toEqual({ definition: run });
    });

    test('is another project’s nothing, and out of its reach', async () => {
      const { runs } = stores();
      const { run, state } = await begun({}, { cancel_requested: true });
      expect(await runs.find(another(run))).toEqual({});
      expect(await runs.isCancelRequested(another(run))).toBe(false);
      expect(await runs.advance(another(run), state, { ...state, version: 2 })).toBe(false);
      expect(await runs.begin(another(run), { ...state, status: 'cancelled' })).toBe(true);
      expect((await find(run)).state).toEqual(state);
    });

    test('says whether its cancel was asked for', async () => {
      const { runs } = stores();
      const { run, state } = await begun();
      expect(await runs.isCancelRequested(another(run))).toBe(false);
      expect(await runs.isCancelRequested(keyOf(run))).toBe(false);
      await runs.advance(keyOf(run), state, { ...state, version: 2, cancel_requested: true });
      expect(await runs.isCancelRequested(keyOf(run))).toBe(true);
    });
  });

  describe('the end of a run', () => {
    test('moves, both ways, for its definition, its payload and its state, and makes no new version', async () => {
      const { runs, time } = stores();
      const { run, state } = await begun({ payload: LARGE });
      for (const until of [NOW + 400 * DAY, NOW + 60 * DAY]) {
        await runs.keepUntil({ definition: run, state }, until);
        time.now = until - 1_000;
        expect(await find(run)).toEqual({
          definition: { ...run, expires_at: until },
          state: { ...state, expires_at: stateExpiry(until) },
        });
        time.now = NOW;
      }
      expect(await runs.advance(keyOf(run), state, { ...state, version: 2 })).toBe(true);
    });

    test('makes nothing that is not there', async () => {
      const { runs } = stores();
      const run = aRunOf(freshProject());
      await runs.keepUntil({ definition: run, state: aState(run, {}) }, NOW + DAY);
      expect(await find(run)).toEqual({});
      await runs.create(run);
      await runs.keepUntil({ definition: run }, NOW + DAY);
      expect(await find(run)).toEqual({ definition: { ...run, expires_at: NOW + DAY } });
      await runs.keepUntil({}, NOW + DAY);
    });
  });

  describe('attempts', () => {
    test('are found in the order asked for, each as it was put last; what is missing is left out', async () => {
      const { runs } = stores();
      const run = aRunOf(freshProject());
      const [second, third, fourth] = [2, 3, 4].map((n) => anAttempt(run, n)) as [Attempt, Attempt, Attempt];
      await runs.putAttempt(third, NOW + DAY);
      await runs.putAttempt(second, NOW + DAY);
      await runs.putAttempt(second, NOW + DAY);
      const ids = [second.id, fourth.id, third.id];
      expect(await runs.attempts(run.project_id, ids)).toEqual([second, third]);
      expect(await runs.attempts(run.project_id, [third.id, second.id])).toEqual([third, second]);
      expect(await runs.attempts(run.project_id, [])).toEqual([]);
      expect(await runs.attempts(freshProject().id, ids)).toEqual([]);
    });

    test('expire', async () => {
      const { runs, time } = stores();
      const run = aRunOf(freshProject());
      const attempt = anAttempt(run, 2);
      await runs.putAttempt(attempt, NOW + DAY);
      time.now = NOW + DAY;
      expect(await runs.attempts(run.project_id, [attempt.id])).toEqual([]);
    });
  });

  describe('a run whose payload its event holds', () => {
    test('is found with it', async () => {
      const { runs } = stores();
      const { run, payload } = await fannedOut();
      const found = { definition: { ...run, payload } };
      expect(await find(run)).toEqual(found);
      expect(await runs.glimpse(keyOf(run))).toEqual(found);
      expect(await runs.definition(keyOf(run))).toEqual(found.definition);
      expect(await runs.find(another(run))).toEqual({});
    });

    test('that is made to live beyond its event is given a copy, and ends with it', async () => {
      const { runs, time } = stores();
      const { event, run, payload } = await fannedOut();
      const until = event.expires_at + 90 * DAY;
      await runs.keepUntil(await find(run), until);
      time.now = until - 1_000;
      expect(await find(run)).toEqual({ definition: { ...run, payload, expires_at: until } });
      time.now = NOW;
      await runs.keepUntil(await find(run), NOW + 9 * DAY);
      time.now = NOW + 9 * DAY;
      expect(await find(run)).toEqual({});
    });

    test('to which something is to happen later lives on, with a copy, and is not begun for that', async () => {
      const { runs, time } = stores();
      const { event, run, payload } = await fannedOut();
      const found = await find(run);
      const until = event.expires_at + 90 * DAY;
      await runs.keepAtLeast(found, until);
      await runs.keepAtLeast(found, NOW + DAY);
      time.now = until - 1_000;
      expect(await find(run)).toEqual({ definition: { ...run, payload, expires_at: until } });
    });

    test('that outlives its event without a copy is not handed out', async () => {
      const { runs, time } = stores();
      const { event, run } = await fannedOut({ expires_at: NOW + 365 * DAY });
      await runs.begin(keyOf(run), aState(run, { expires_at: NOW + 366 * DAY }));
      time.now = event.expires_at + DAY;
      await expect(find(run)).rejects.toThrow(PayloadGoneError);
      await expect(find(run)).rejects.toMatchObject({ found: { definition: { id: run.id }, state: { version: 1 } } });
    });

    test('is made anew with a payload of its own', async () => {
      const { runs, time } = stores();
      const { event, run, payload } = await fannedOut({ expires_at: NOW + DAY });
      const { definition } = await find(run);
      time.now = event.expires_at + DAY;
      const { payload_id: _shared, ...own } = { ...definition!, expires_at: time.now + DAY };
      await runs.create({ ...own, payload_id: event.id });
      expect(await find(run)).toEqual({ definition: { ...own, payload } });
    });
  });

  test('a redacted run has no payload, of its own or of its event, and a run that is not there stays away', async () => {
    const { runs } = stores();
    const body = JSON.stringify(randomBytes(9_000).toString('hex'));
    const own = aRunOf(freshProject(), { payload: { format: 'json', body } });
    await runs.create(own);
    for (const run of [own, (await fannedOut()).run]) {
      const { definition } = await find(run);
      const redacted = redactedRun(definition!, NOW);
      await runs.redact(redacted);
      await runs.redact(redacted); // a repeat
      const found = await find(run);
      expect(found).toEqual({ definition: redacted });
      expect(found.definition).not.toHaveProperty('payload');
    }
    const gone = aRunOf(freshProject());
    await runs.redact(redactedRun(gone, NOW));
    expect(await find(gone)).toEqual({});
  });

  async function begun(change: Partial<RunDefinition> = {}, of: Partial<RunState> = {}) {
    const { runs } = stores();
    const run = aRunOf(freshProject(), change);
    const state = aState(run, of);
    await runs.create(run);
    await runs.begin(keyOf(run), state);
    return { run, state };
  }

  /** An event with a payload that lies apart, and a run of it. */
  async function fannedOut(change: Partial<RunDefinition> = {}) {
    const { events, runs } = stores();
    const project = freshProject();
    const event = anEvent({ project_id: project.id, payload: LARGE });
    await events.create(event);
    const run = aRunOf(project, { payload_id: event.id, expires_at: event.expires_at - 7 * DAY, ...change });
    const { payload: _none, ...own } = run;
    await runs.create(own);
    return { event, run: own, payload: LARGE };
  }
}
