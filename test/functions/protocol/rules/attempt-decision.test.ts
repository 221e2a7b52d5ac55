import {
  COMMIT_WINDOW_MS,
  type Decision,
  decideDelivery,
  decideSettling,
  type Findings,
} from '../../../../functions/protocol/rules/attempt-decision.js';
import type { DeadLetter } from '../../../../functions/subjects/dead-letters/dead-letter.js';
import { pendingState, type RunState } from '../../../../functions/subjects/task-runs/task-run.js';
import { aRun, START } from '../../../support/memory-world.js';

const run = aRun();
const NOW = START + 60_000;
const OLD = NOW - COMMIT_WINDOW_MS;

const state = (change: Partial<RunState>): RunState => ({ ...pendingState(run), version: 3, ...change });
const letter = (change: Partial<DeadLetter> = {}): DeadLetter => ({
  id: 'dl_1',
  project_id: run.project_id,
  run,
  epoch: 0,
  attempt: 2,
  reason: 'attempts_exhausted',
  status: 'open',
  created_at: START,
  updated_at: START,
  ...change,
});

function decide(attempt: number, found: Findings, sent_at = NOW): Decision {
  const token = {
    kind: 'deliver',
    project: run.project_id,
    run: run.id,
    group: 'g',
    attempt,
    due: START,
    sent_at,
    hop: 0,
  } as const;
  return decideDelivery(token, found, { now: NOW, nonce: 'mine', maxReclaims: 2 });
}

const definition = run;
const dead = state({ status: 'dead_letter', attempt: 2 });

// Every row: what the token's run looks like, the token's attempt, and what is to be done.
const rows: [string, Findings, number, Partial<Decision>][] = [
  ['no state: the first attempt is claimed', { definition }, 1, { do: 'claim', how: 'next' }],
  ['no state, token of a later attempt', { definition }, 2, { do: 'alarm' }],
  [
    'pending before it',
    { definition, state: state({ status: 'pending', attempt: 2 }) },
    3,
    { do: 'claim', how: 'next' },
  ],
  ['pending with it made', { definition, state: state({ status: 'pending', attempt: 2 }) }, 2, { do: 'acknowledge' }],
  ['a later attempt made', { definition, state: state({ status: 'running', attempt: 3 }) }, 2, { do: 'acknowledge' }],
  [
    'an attempt missing in between',
    { definition, state: state({ status: 'retry_scheduled', attempt: 1 }) },
    3,
    { do: 'alarm' },
  ],
  [
    'retry waits for it',
    { definition, state: state({ status: 'retry_scheduled', attempt: 1 }) },
    2,
    { do: 'claim', how: 'next' },
  ],
  [
    'retry recorded for it',
    { definition, state: state({ status: 'retry_scheduled', attempt: 2 }) },
    2,
    { do: 'effects' },
  ],
  [
    'running under a live lease',
    { definition, state: state({ status: 'running', attempt: 2, nonce: 'other', lease: NOW + 5 }) },
    2,
    { do: 'wait', due: NOW + 5 },
  ],
  [
    'running under its own claim',
    { definition, state: state({ status: 'running', attempt: 2, nonce: 'mine', lease: NOW + 5 }) },
    2,
    { do: 'proceed' },
  ],
  [
    'running, lease over',
    { definition, state: state({ status: 'running', attempt: 2, nonce: 'other', lease: NOW }) },
    2,
    { do: 'claim', how: 'reclaim' },
  ],
  [
    'running, lease over, too often',
    { definition, state: state({ status: 'running', attempt: 2, lease: NOW, reclaims: 2 }) },
    2,
    { do: 'conclude', as: 'worker_failure' },
  ],
  [
    'running, lease over, cancel asked for',
    { definition, state: state({ status: 'running', attempt: 2, lease: NOW, reclaims: 2, cancel_requested: true }) },
    2,
    { do: 'conclude', as: 'cancelled' },
  ],
  [
    'running the one before',
    { definition, state: state({ status: 'running', attempt: 1, lease: NOW + 5 }) },
    2,
    { do: 'alarm' },
  ],
  ['success with it', { definition, state: state({ status: 'success', attempt: 2 }) }, 2, { do: 'effects' }],
  ['success before it', { definition, state: state({ status: 'success', attempt: 1 }) }, 2, { do: 'alarm' }],
  ['cancelled', { definition, state: state({ status: 'cancelled', attempt: 1 }) }, 2, { do: 'acknowledge' }],
  [
    'cancelled, its slot not passed on',
    { definition, state: state({ status: 'cancelled', attempt: 1, slot: 0 }) },
    1,
    { do: 'effects' },
  ],
  ['skipped', { definition, state: state({ status: 'skipped' }) }, 1, { do: 'acknowledge' }],
  ['dead without dead letter', { definition, state: dead }, 2, { do: 'effects' }],
  [
    'dead with a dead letter of an older epoch',
    { definition, state: { ...dead, epoch: 1 }, deadLetter: letter() },
    2,
    { do: 'effects' },
  ],
  ['dead and buried', { definition, state: dead, deadLetter: letter() }, 2, { do: 'acknowledge' }],
  ['dead, next token, dead letter open', { definition, state: dead, deadLetter: letter() }, 3, { do: 'wait' }],
  [
    'dead, next token, replayed',
    { definition, state: dead, deadLetter: letter({ status: 'replayed' }) },
    3,
    { do: 'claim', how: 'reopen' },
  ],
  [
    'dead, next token, resolved',
    { definition, state: dead, deadLetter: letter({ status: 'resolved' }) },
    3,
    { do: 'acknowledge' },
  ],
  [
    'dead, next token, a later death replayed',
    { definition, state: dead, deadLetter: letter({ status: 'replayed', epoch: 1 }) },
    3,
    { do: 'acknowledge' },
  ],
  ['expired, dead letter replayed', { deadLetter: letter({ status: 'replayed' }) }, 3, { do: 'claim', how: 'reopen' }],
  ['expired, dead letter open, its own token', { deadLetter: letter() }, 2, { do: 'acknowledge' }],
  ['nothing at all', {}, 1, { do: 'wait' }],
];

test.each(rows)('%s', (_name, found, attempt, expected) => {
  expect(decide(attempt, found)).toMatchObject(expected);
});

test('what should be on its way is waited for five minutes, less and less often', () => {
  expect(decide(1, {}, NOW)).toEqual({ do: 'wait', due: NOW + 2_000 });
  expect(decide(1, {}, NOW - 60_000)).toEqual({ do: 'wait', due: NOW + 30_000 });
  expect(decide(1, {}, OLD)).toEqual({ do: 'acknowledge' });
  expect(decide(3, { definition, state: dead, deadLetter: letter() }, OLD)).toEqual({ do: 'acknowledge' });
});

describe('a settle token', () => {
  const settle = (found: Findings, sent_at = NOW) =>
    decideSettling(
      { kind: 'settle', project: run.project_id, run: run.id, group: 'g', attempt: 2, sent_at, hop: 0 },
      found,
      NOW,
    );

  test('waits for the giving up that was announced', () => {
    const found = { definition, state: state({ status: 'retry_scheduled', attempt: 2 }) };
    expect(settle(found)).toMatchObject({ do: 'wait' });
    expect(settle(found, OLD)).toEqual({ do: 'acknowledge' });
  });

  test('does the effects that are missing', () => {
    expect(settle({ definition, state: dead })).toMatchObject({ do: 'effects' });
    expect(settle({ definition, state: dead, deadLetter: letter() })).toEqual({ do: 'acknowledge' });
  });

  test('waits for a run that is not written yet', () => {
    expect(settle({})).toMatchObject({ do: 'wait' });
    expect(settle({}, OLD)).toEqual({ do: 'acknowledge' });
  });

  test('leaves alone a run that has moved on', () => {
    expect(settle({ definition, state: { ...dead, attempt: 3 } })).toEqual({ do: 'acknowledge' });
    expect(settle({ definition, state: state({ status: 'success', attempt: 2 }) })).toEqual({ do: 'acknowledge' });
    expect(settle({ definition, state: state({ status: 'running', attempt: 3 }) })).toEqual({ do: 'acknowledge' });
  });
});
