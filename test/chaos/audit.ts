import { settingsFor } from '../../lib/config.js';
import { GOOD_ANSWERS } from './answers.js';
import type { Book } from './book.js';
import { grouped } from './grouped.js';
import type { ReceivedCall } from './hostile-receiver.js';
import type { Leftover } from './leftovers.js';
import { type Repeats, repeatsOf } from './repeats.js';
import { isFinal, type Shown, type ShownLetter, type ShownRun } from './shown.js';
import { ENDPOINTS, type PlannedTask } from './workload.js';

/** All that is known when it is over, from three sides: the clients, the receivers, and the service itself. */
export interface Evidence {
  readonly tasks: readonly PlannedTask[];
  readonly book: Book;
  readonly calls: readonly ReceivedCall[];
  readonly shown: Shown;
  readonly leftovers: readonly Pick<Leftover, 'queue' | 'body'>[];
  readonly kills: readonly number[];
}

export interface Audit {
  readonly counts: Readonly<Record<string, number>>;
  readonly repeats: Repeats;
  /** What must not be, in words; empty when every promise was kept. */
  readonly faults: readonly string[];
}

/** One run with everything that is known of it. */
interface Case {
  readonly run: ShownRun;
  readonly plan: PlannedTask;
  /** Numbers of the recorded attempts, in order. */
  readonly recorded: readonly number[];
  /** Those of them that got an answer. */
  readonly answered: readonly number[];
  readonly lastStatus: string | undefined;
  readonly letter: ShownLetter | undefined;
  readonly calls: readonly ReceivedCall[];
}

export function audit(evidence: Evidence): Audit {
  const { book, shown, calls, tasks } = evidence;
  const cases = casesOf(evidence);
  const promised = new Set(book.runs.values());
  const known = new Set(shown.runs.map(({ id }) => id));
  const lost = [...promised].filter((id) => !known.has(id));
  const extra = [...known].filter((id) => !promised.has(id));
  const repeats = repeatsOf(calls, tasks, evidence.kills);
  const withStatus = (status: string) => shown.runs.filter((run) => run.status === status).length;
  const faults = [
    ...lost.map((id) => `${id} was acknowledged and is gone`),
    ...extra.map((id) => `${id} exists, and no answer promised it`),
    ...tasks.filter(({ task }) => !book.runs.has(task)).map(({ task }) => `task ${task} was never acknowledged`),
    ...book.contradictions,
    ...calls
      .filter(({ run }) => !promised.has(run))
      .map(({ run }) => `${run} was delivered, and no answer promised it`),
    ...[...cases.values()].flatMap((one) => faultsOf(one, evidence.kills)),
    ...endpointListFaults(shown),
    ...meddlingFaults(evidence, cases),
    ...letterFaults(evidence, cases),
    ...leftoverFaults(evidence, cases),
    ...repeats.faults,
  ];
  const counts = {
    accepted: book.runs.size,
    delivered: withStatus('success'),
    dead: withStatus('dead_letter'),
    cancelled: withStatus('cancelled'),
    lost: lost.length + shown.runs.filter((run) => !isFinal(run)).length,
    'by the intake': tasks.filter(({ intake }) => intake).length,
    'to services of AWS': tasks.filter(({ kind }) => ENDPOINTS[kind].target).length,
    'HTTP calls': calls.length,
    attempts: shown.attempts.length,
  };
  return { counts, repeats, faults };
}

function casesOf({ tasks, book, shown, calls }: Evidence): Map<string, Case> {
  const plans = new Map(tasks.map((plan) => [book.runs.get(plan.task), plan]));
  const attempts = grouped(shown.attempts, ({ task_id }) => task_id);
  const letters = new Map(shown.letters.map((letter) => [letter.task_id, letter]));
  const received = grouped(calls, ({ run }) => run);
  const cases = shown.runs.map((run): [string, Case] => {
    const ordered = (attempts.get(run.id) ?? []).toSorted((a, b) => a.attempt - b.attempt);
    const recorded = ordered.map(({ attempt }) => attempt);
    const answered = ordered.filter(({ http_status }) => http_status !== null).map(({ attempt }) => attempt);
    const lastStatus = ordered.at(-1)?.status;
    const plan = plans.get(run.id)!;
    const letter = letters.get(run.id);
    return [run.id, { run, plan, recorded, answered, lastStatus, letter, calls: received.get(run.id) ?? [] }];
  });
  return new Map(cases.filter(([, { plan }]) => plan !== undefined));
}

/** What a single run shows that must not be. */
function faultsOf(
  { run, plan, recorded, answered, lastStatus, letter, calls }: Case,
  kills: readonly number[],
): string[] {
  const budget = ENDPOINTS[plan.kind].delays.length + 1;
  const heard = new Set(calls.map(({ attempt }) => attempt));
  const isSuccess = run.status === 'success';
  // An attempt whose worker was lost for good, or that was cancelled after its worker was lost, has no record.
  const mayMissOne = letter?.reason === 'worker_failure' || run.status === 'cancelled';
  const rules: [boolean, string][] = [
    [isFinal(run), `is stuck in ${run.status}`],
    [
      letter?.reason !== 'worker_failure' || mayHaveLost(letter, kills),
      `died of our own failures, with ${calls.length} calls`,
    ],
    [new Set(recorded).size === recorded.length, `shows an attempt twice: ${recorded}`],
    [
      recorded.length >= run.attempt_count - (mayMissOne ? 1 : 0),
      `has ${run.attempt_count} attempts, shows ${recorded}`,
    ],
    [
      (recorded.at(-1) ?? 0) <= run.attempt_count,
      `shows attempts it has not begun: ${recorded} of ${run.attempt_count}`,
    ],
    [
      run.attempt_count <= (letter && letter.status !== 'open' ? 2 : 1) * budget || run.max_attempts > budget,
      'exceeds its policy',
    ],
    [run.attempt_count <= run.max_attempts && run.max_attempts <= 2 * budget, `made ${run.attempt_count} attempts`],
    [answered.every((attempt) => heard.has(attempt)), `shows answers that the receiver did not give: ${answered}`],
    [isSuccess === (lastStatus === 'success'), `is ${run.status} after an attempt with ${lastStatus}`],
    [!isSuccess || calls.some(({ answer }) => GOOD_ANSWERS.has(answer)), 'is a success that no receiver confirmed'],
    [calls.every(({ task, intact }) => task === plan.task && intact), 'carried something else than was given'],
    [
      (run.status === 'dead_letter') === (letter?.status === 'open' || letter?.status === 'resolved'),
      `is ${run.status} with a letter ${letter?.status}`,
    ],
  ];
  return rules.filter(([holds]) => !holds).map(([, fault]) => `${run.id} (${plan.kind}) ${fault}`);
}

/** An attempt may be lost only with more of its workers than a claim survives: as many kills within the time that they take. */
function mayHaveLost(letter: ShownLetter, kills: readonly number[]): boolean {
  const diedAt = Date.parse(letter.created_at);
  const during = kills.filter((kill) => kill <= diedAt && kill > diedAt - THREE_CLAIMS_MS);
  return during.length > settingsFor('local').maxReclaims;
}

const THREE_CLAIMS_MS = 60_000;

/** A run with an endpoint is in that endpoint's list, once. */
function endpointListFaults({ runs, runsOfEndpoints }: Shown): string[] {
  const listed = grouped(runsOfEndpoints, (id) => id);
  const times = ({ id }: ShownRun) => listed.get(id)?.length ?? 0;
  const wrong = runs.filter((run) => times(run) !== (run.endpoint_id === null ? 0 : 1));
  return wrong.map((run) => `${run.id} is ${times(run)} times in the list of its endpoint ${run.endpoint_id}`);
}

/** Cancelled means never called again; given up means dead; and what was replayed had its second budget. */
function meddlingFaults({ book }: Evidence, cases: Map<string, Case>): string[] {
  return book.meddlings.flatMap(({ run: id, meddling, status, shown, at }) => {
    const { run, calls, letter } = cases.get(id) ?? {};
    if (run === undefined) return [];
    const after = calls!.filter((call) => call.at > at).length;
    const isOver = meddling === 'cancel' && shown === 'cancelled';
    const rules: [boolean, string][] = [
      [!isOver || run.status === 'cancelled', `was told to be cancelled and is ${run.status}`],
      [!isOver || after === 0, `was called ${after} times after its cancel`],
      [meddling !== 'give up' || status !== 204 || letter?.reason === 'given_up', `was given up and is ${run.status}`],
    ];
    return rules.filter(([holds]) => !holds).map(([, fault]) => `${id} ${fault}`);
  });
}

/** One dead letter for each run that died, and a copy of it in the queue. */
function letterFaults({ book, shown, leftovers }: Evidence, cases: Map<string, Case>): string[] {
  const copies = new Set(
    leftovers.filter(({ queue }) => isCopies(queue)).map(({ body }) => JSON.parse(body).dead_letter),
  );
  const known = new Map(shown.letters.map((letter) => [letter.id, letter]));
  const budget = (letter: ShownLetter) => ENDPOINTS[cases.get(letter.task_id)!.plan.kind].delays.length + 1;
  return [
    ...[...known.keys()].filter((id) => !copies.has(id)).map((id) => `${id} has no copy in the queue`),
    ...[...copies].filter((id) => !known.has(id)).map((id) => `${id} is in the queue alone`),
    ...(known.size === shown.letters.length ? [] : ['a dead letter is listed twice']),
    ...[...book.resolved].filter((id) => known.get(id)?.status !== 'resolved').map((id) => `${id} is not resolved`),
    ...[...book.replayed]
      .filter((id) => cases.get(known.get(id)?.task_id ?? '')!.run.max_attempts <= budget(known.get(id)!))
      .map((id) => `${id} was not replayed`),
  ];
}

const isCopies = (queue: string): boolean => /^DeadLetters/.test(queue);

/** What is left in the queues speaks of runs that are over: late copies, which find nothing to do. */
function leftoverFaults({ leftovers }: Evidence, cases: Map<string, Case>): string[] {
  return leftovers
    .filter(({ queue, body }) => !isCopies(queue) && !isFinal(cases.get(JSON.parse(body).run)?.run ?? STUCK))
    .map(({ queue, body }) => `${queue} still holds ${body}`);
}

const STUCK: ShownRun = { id: '', endpoint_id: null, status: 'unknown', attempt_count: 0, max_attempts: 0 };
