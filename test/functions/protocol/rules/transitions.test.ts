import fc from 'fast-check';
import {
  abandoned,
  cancelRequested,
  claimed,
  concluded,
  dead,
  needsPolicy,
  queued,
  released,
  renewed,
  reopened,
  rescheduled,
  superseded,
} from '../../../../functions/protocol/rules/transitions.js';
import { DEFAULT_RETRY_POLICY } from '../../../../functions/subjects/retry-policies/retry-policy.js';
import {
  type Attempt,
  isFinal,
  pendingState,
  type RunState,
} from '../../../../functions/subjects/task-runs/task-run.js';
import { anOutcome, aRun, FAILED, START } from '../../../support/memory-world.js';

const MAX = 4;
/** A field that this release does not know; no transition may lose it. */
const OF_A_LATER_RELEASE = { of_a_later_release: [1] };
const run = aRun({ max_attempts: MAX });

function outcomeOf(seen: RunState, succeeds: boolean): Attempt {
  return {
    ...anOutcome(succeeds ? {} : FAILED),
    id: `att_${seen.attempt}`,
    run_id: run.id,
    project_id: run.project_id,
    attempt: seen.attempt,
    lateness_ms: 0,
    request_headers: {},
    request_id: '',
    trace_id: '',
  };
}

type Step = 'succeed' | 'fail' | 'lose' | 'cancel' | 'replay' | 'give up';

/** Takes the step where the state allows it. */
function take(seen: RunState, step: Step): RunState {
  const claim = { nonce: `n${seen.version}`, lease: START, expires_at: START };
  if (seen.status === 'pending') return claimed(seen, 'next', claim, MAX);
  if (seen.status === 'retry_scheduled')
    return step === 'give up' ? dead(seen, 'given_up', START) : claimed(seen, 'next', claim, MAX);
  if (seen.status === 'dead_letter') return step === 'replay' ? reopened(seen, MAX, START, START) : seen;
  if (seen.status !== 'running') return seen;
  if (step === 'lose') return claimed(seen, 'reclaim', claim, MAX);
  if (step === 'cancel') return cancelRequested(seen);
  const input = { policy: DEFAULT_RETRY_POLICY, run, now: START, random: () => 0 };
  return concluded(seen, outcomeOf(seen, step === 'succeed'), input);
}

test('whatever happens, attempts are numbered without gaps and never exceed the budget', () => {
  const steps = fc.array(fc.constantFrom<Step>('succeed', 'fail', 'fail', 'lose', 'cancel', 'replay', 'give up'), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(steps, (path) => {
      let seen: RunState = { ...pendingState(run), ...OF_A_LATER_RELEASE };
      for (const step of path) {
        const next = take(seen, step);
        expect(next === seen || next.version === seen.version + 1).toBe(true);
        expect(next.attempt - seen.attempt).toBeGreaterThanOrEqual(0);
        expect(next.attempt - seen.attempt).toBeLessThanOrEqual(1);
        expect(next.attempt).toBeLessThanOrEqual(next.limit);
        expect(next.limit).toBeLessThanOrEqual(MAX * (next.epoch + 1));
        if (next.status === 'running') expect(next).toMatchObject({ lease: START });
        else expect(next.lease).toBeUndefined();
        if (next.status === 'retry_scheduled') expect(next.due).toBeGreaterThan(START);
        if (isFinal(next.status)) expect(next.finished_at).toBe(START);
        expect(next).toMatchObject(OF_A_LATER_RELEASE);
        seen = next;
      }
    }),
  );
});

test('a recorded success beats a cancel, any other outcome yields to it', () => {
  const running = cancelRequested(
    claimed(pendingState(run), 'next', { nonce: 'n', lease: START, expires_at: START }, MAX),
  );
  const input = { policy: DEFAULT_RETRY_POLICY, run, now: START, random: () => 0 };
  expect(concluded(running, outcomeOf(running, true), input).status).toBe('success');
  expect(concluded(running, outcomeOf(running, false), input).status).toBe('cancelled');
});

test.each([
  ['its first call is broken off', 1, 'cancelled', 'cancelled', undefined],
  ['its first call fails all the same', 1, 'failed', 'dead_letter', 'given_up'],
  ['its retry is broken off', 2, 'cancelled', 'dead_letter', 'given_up'],
] as const)(
  'superseded by a newer run, it has failed or was cancelled: %s',
  (_name, attempt, outcome, status, reason) => {
    const claim = claimed(
      { ...pendingState(run), attempt: attempt - 1 },
      'next',
      { nonce: 'n', lease: 1, expires_at: 1 },
      MAX,
    );
    const ofRun = { source: run.source, max_attempts: MAX };
    const input = { run: ofRun, policy: DEFAULT_RETRY_POLICY, now: START, random: () => 0 };
    const broken = { ...outcomeOf(claim, false), status: outcome };
    const seen = superseded(claim);
    expect(concluded(seen, broken, input)).toMatchObject({ status, ...(reason && { reason }) });
    expect(concluded(seen, outcomeOf(claim, true), input).status).toBe('success');
    // A person's cancel is one, whatever was asked for before.
    expect(concluded(cancelRequested(seen), broken, input).status).toBe('cancelled');
    const unmade = attempt === 1 ? 'cancelled' : status;
    expect([abandoned(seen, 'cancelled', START).status, released(seen, START, START).status]).toEqual([unmade, unmade]);
    expect(reopened(dead(seen, 'given_up', START), MAX, START, START)).not.toHaveProperty('superseded');
  },
);

test('the state outlives its definition', () => {
  expect(pendingState(run).expires_at).toBeGreaterThan(run.expires_at);
});

test('after a replay the backoff starts anew', () => {
  const input = { policy: DEFAULT_RETRY_POLICY, run, now: START, random: () => 0 };
  let seen = pendingState(run);
  const waits: number[] = [];
  for (let failures = 0; failures < 2 * MAX; failures++) {
    seen = take(seen.status === 'dead_letter' ? take(seen, 'replay') : seen, 'fail');
    seen = concluded(seen, outcomeOf(seen, false), input);
    if (seen.due !== undefined) waits.push((seen.due - START) / 1000);
  }
  expect(waits).toEqual([30, 120, 600, 30, 120, 600]);
});

test('a run that has not begun has the budget that its schedule gives it now', () => {
  const claim = { nonce: 'n', lease: START, expires_at: START };
  const waited = { ...pendingState(run), version: 3 };
  expect(claimed(waited, 'next', claim, 9)).toMatchObject({ attempt: 1, limit: 9 });
  expect(claimed({ ...waited, status: 'retry_scheduled', attempt: 1 }, 'next', claim, 9)).toMatchObject({ limit: MAX });
});

describe('a transition', () => {
  const claim = { nonce: 'n', lease: START, expires_at: START };
  const input = { policy: DEFAULT_RETRY_POLICY, run, now: START, random: () => 0 };
  const waiting: RunState = { ...pendingState(run), version: 7, status: 'retry_scheduled', attempt: 1 };
  const running = claimed(waiting, 'next', claim, MAX);

  test.each<[string, RunState, (seen: RunState) => RunState, Partial<RunState>]>([
    ['a longer lease', running, (seen) => renewed(seen, START + 5), { lease: START + 5 }],
    ['a newer run', running, superseded, { cancel_requested: true, superseded: true }],
    ['a rate booking', waiting, (seen) => queued(seen, { n: 1, at: START }), { turn: { n: 1, at: START } }],
    ['another moment', waiting, (seen) => rescheduled(seen, START + 9), { due: START + 9 }],
  ])('for %s raises the version', (_name, seen, change, changed) => {
    expect(change(seen)).toEqual({ ...seen, ...changed, version: seen.version + 1 });
  });

  test('never shortens the life of the state', () => {
    const [early, late] = [running.expires_at - 1, running.expires_at + 1];
    const buried = dead(running, 'given_up', START);
    for (const at of [early, late]) {
      const expires_at = Math.max(running.expires_at, at);
      expect(claimed(waiting, 'next', { ...claim, expires_at: at }, MAX)).toMatchObject({ expires_at });
      expect(reopened(buried, MAX, START, at)).toMatchObject({ expires_at });
    }
  });

  test('that gives up a claim leaves the run as it waited before', () => {
    expect(released(running, START + 9, START)).toMatchObject({
      status: 'retry_scheduled',
      attempt: 1,
      due: START + 9,
    });
    const first = claimed(pendingState(run), 'next', claim, MAX);
    expect(released(first, START + 9, START)).toMatchObject({ status: 'pending', attempt: 0, due: START + 9 });
  });

  test('that claims a replayed run drops its end, no other claim drops what was asked for', () => {
    const reclaimed = claimed(dead(cancelRequested(running), 'given_up', START), 'reopen', claim, MAX);
    for (const field of ['reason', 'finished_at', 'cancel_requested']) expect(reclaimed).not.toHaveProperty(field);
    expect(claimed(superseded(running), 'reclaim', claim, MAX)).toMatchObject({ superseded: true });
  });

  test('after a failure names its error and its HTTP status, after the next outcome only the new ones', () => {
    const failed = concluded(running, outcomeOf(running, false), input);
    expect(failed).toMatchObject({ last_error: { code: 'http_503' }, last_status: 503 });
    const timedOut = { ...outcomeOf(running, false), error: { code: 'timeout', message: '' }, http_status: null };
    const next = concluded(failed, timedOut, input);
    expect(next).toMatchObject({ last_error: { code: 'timeout' } });
    expect(next).not.toHaveProperty('last_status');
    expect(concluded(failed, outcomeOf(running, true), input)).not.toHaveProperty('last_error');
  });

  test('to a retry waits as long as the answer asks for', () => {
    const answer = { ...outcomeOf(running, false), response_headers: { 'retry-after': '5000' } };
    expect(concluded(running, answer, input)).toMatchObject({ status: 'retry_scheduled', due: START + 5_000_000 });
  });

  test('needs no retry policy after a success, a cancel, a refused address or a 410 of an endpoint', () => {
    const failure: Attempt = { ...outcomeOf(running, false), endpoint_id: 'ep_1' };
    const gone: Attempt = { ...failure, http_status: 410 };
    const { source } = run;
    expect(needsPolicy({ source }, running, failure)).toBe(true);
    expect(needsPolicy({ source }, running, { ...failure, status: 'success' })).toBe(false);
    expect(needsPolicy({ source }, cancelRequested(running), failure)).toBe(false);
    expect(needsPolicy({ source }, running, { ...failure, status: 'blocked' })).toBe(false);
    expect(needsPolicy({ source }, running, gone)).toBe(false);
    expect(concluded(running, gone, input)).toMatchObject({ status: 'dead_letter', reason: 'endpoint_disabled' });
  });

  test.each(['notification', 'test'] as const)(
    'after a 410 answer to a run of kind %s is that of any other failure',
    (type) => {
      const gone: Attempt = { ...outcomeOf(running, false), endpoint_id: 'ep_1', http_status: 410 };
      const ofKind = { ...run, source: { ...run.source, type } as typeof run.source };
      expect(needsPolicy(ofKind, running, gone)).toBe(true);
      expect(concluded(running, gone, { ...input, run: ofKind })).not.toMatchObject({ reason: 'endpoint_disabled' });
    },
  );
});
