import { ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import { DeleteMessageBatchCommand, type Message, PurgeQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { eventually } from '../support/eventually.js';
import { expectStatus } from '../support/http-client.js';
import { type Scene, WORK_QUEUES } from './scene.js';
import { calledAs } from './scripted-receiver.js';
import { type End, isUnknown, type Telling } from './telling.js';

/** Queues that SQS itself moves messages to. */
const DLQS = ['FastLaneDlq', 'SlowLaneDlq', 'CrowdedLaneDlq', 'WakeUpsDlq'] as const;
const FINAL: ReadonlySet<string> = new Set(['success', 'dead_letter', 'cancelled', 'skipped']);

// biome-ignore lint/suspicious/noExplicitAny: rows as the API lists them.
type Row = any;

/** What the API, the queues and the receiver say when all is told. */
interface Evidence {
  readonly runs: Map<string, Row[]>;
  /** As the lists of their endpoints have them. */
  readonly ofEndpoints: Map<string, Row[]>;
  readonly attempts: Map<string, Row[]>;
  readonly letters: Map<string, Row[]>;
  /** Copies in the queue `dead-letters`. */
  readonly copies: Map<string, Message[]>;
}

/** Looks at everything that happened to these tellings, and notes in them which invariants do not hold. */
export async function audit(scene: Scene, tellings: readonly Telling[]): Promise<void> {
  const unknown = tellings.reduce((sum, telling) => sum + telling.unknown, 0);
  const { visible, inFlight, delayed } = await scene.console.depth('FastLaneQueue');
  if (visible + inFlight + delayed < unknown) tellings[0]!.failures.push('a message of a later release is gone');
  // Nothing else is left by now. They would be ever more, and the next tellings never be quiet.
  const QueueUrl = scene.stack.queueUrl('FastLaneQueue');
  const purged = unknown > 0 && scene.console.sqs.send(new PurgeQueueCommand({ QueueUrl }));
  // SQS does that once a minute.
  if (purged) await purged.catch((error) => expectName(error, 'PurgeQueueInProgress'));
  await countTrials(scene);
  const rows = (path: string, key: string) => listed(scene, path).then((all) => groupBy(all, (row) => row[key]));
  const runs = await rows('/v1/tasks', 'id');
  const evidence: Evidence = {
    runs,
    ofEndpoints: groupBy(await listedByEndpoint(scene, [...runs.values()].flat()), ({ id }) => id),
    attempts: await rows('/v1/deliveries', 'task_id'),
    letters: await rows('/v1/dead-letters', 'task_id'),
    copies: groupBy(await takeAll(scene, 'DeadLetters'), ({ Body = '{}' }) => JSON.parse(Body).task),
  };
  for (const telling of tellings)
    for (const [run, end] of telling.ends) telling.failures.push(...faultsOf(run, end, evidence, scene, telling));
  const told = new Set(tellings.flatMap(({ ends }) => [...ends.keys()]));
  const blame = (text: string, what: string) => {
    const telling = scene.reaper.ownerOf(text);
    // What was left by tellings before these was seen by their own audit.
    for (const one of telling ? [telling] : tellings.slice(0, 1)) if (tellings.includes(one)) one.failures.push(what);
  };
  for (const [run, { length }] of evidence.runs) {
    if (length > 1) blame(run, `${run} is listed ${length} times`);
    if (!told.has(run) && !scene.isKnown(run))
      blame(run, `${run}: a second run of a request, or a run that no answer named`);
  }
  for (const { run } of scene.receiver.calls) if (!evidence.runs.has(run)) blame(run, `a call with webhook-id ${run}`);
  for (const queue of [...WORK_QUEUES, ...DLQS])
    for (const { Body = '' } of await takeAll(scene, queue))
      if (!isUnknown(Body)) blame(Body, `left in ${queue}: ${Body}`);
  for (const name of await armed(scene))
    blame(name.replace(/^\w-(\w+)-.*/, 'run_$1 sch_$1'), `left in EventBridge Scheduler: ${name}`);
  for (const line of scene.errors()) blame(line, `a function says: ${line.slice(0, 600)}`);
  for (const run of told) scene.know(run);
}

function faultsOf(run: string, end: End, evidence: Evidence, scene: Scene, telling: Telling): string[] {
  const faults: string[] = [];
  const check = (holds: boolean, fault: string) => void (holds || faults.push(`${run}: ${fault}`));
  const [row] = evidence.runs.get(run) ?? [];
  if (!row) return [`${run}: acknowledged and lost`];
  check(FINAL.has(row.status), `stuck in ${row.status}`);
  const times = evidence.ofEndpoints.get(run)?.length ?? 0;
  check(times === (row.endpoint_id ? 1 : 0), `its endpoint lists it ${times} times`);
  const outcomes = (evidence.attempts.get(run) ?? []).map(({ status }) => status);
  check(end.status.includes(row.status), `ended as ${row.status} (${outcomes}), not ${end.status.join(' or ')}`);
  const isDead = row.status === 'dead_letter';
  const deaths = scene.reaper.deaths.get(run) ?? 0;

  const numbers = (evidence.attempts.get(run) ?? []).map(({ attempt }) => attempt).sort((a, b) => a - b);
  check(
    numbers.every((number, index) => number === index + 1),
    `attempts are numbered ${numbers}`,
  );
  const [least, most] = end.attempts;
  check(numbers.length >= least && numbers.length <= most, `${numbers.length} attempts, not ${least} to ${most}`);
  check(row.attempt_count <= most, `counts ${row.attempt_count} attempts, more than ${most}`);
  if (row.status !== 'cancelled' && !end.mayLoseOne)
    check(row.attempt_count === numbers.length, `counts ${row.attempt_count} attempts`);

  const calls = scene.receiver.callsOf(run);
  const repeated = calls.length - new Set(calls.map(({ attempt }) => attempt)).size;
  check(!end.once || calls.length <= 1, `its target took it ${calls.length} times`);
  check(repeated <= deaths, `${repeated} repeated calls for ${deaths} deaths`);
  check(
    calls.every(({ idempotencyKey }) => idempotencyKey === run),
    'a call with another Idempotency-Key',
  );
  check(
    numbers.every((number) => calls.some(({ attempt }) => attempt === number)),
    'an attempt without a call',
  );
  check(
    calls.every(({ attempt }) => attempt <= most),
    'a call of an attempt too many',
  );

  const letters = evidence.letters.get(run) ?? [];
  check(letters.length === (isDead || end.replayed ? 1 : 0), `${letters.length} dead letters`);
  const status = isDead ? 'open' : 'replayed';
  check(
    letters.every((letter) => letter.status === status),
    `its dead letter is ${letters[0]?.status}`,
  );
  const copies = evidence.copies.get(run)?.length ?? 0;
  check(end.moved || copies >= letters.length, `${copies} copies of its dead letter`);
  check(copies <= letters.length * (telling.deaths.size === 0 ? 1 : 3), `${copies} copies of its dead letter`);
  return faults;
}

function expectName(error: Error, name: string): void {
  if (!error.name.includes(name)) throw error;
}

/** Names of the wake-ups that EventBridge Scheduler still holds. */
async function armed({ console: { scheduler } }: Scene): Promise<string[]> {
  const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand({}));
  return Schedules.map(({ Name }) => Name!);
}

/** Every row of a list, page by page. */
async function listed(scene: Scene, path: string): Promise<Row[]> {
  const rows: Row[] = [];
  let next = '';
  do {
    const page = `${path}${path.includes('?') ? '&' : '?'}page_size=100${next}`;
    // On a busy machine a function may not have started in time: asked again, it has.
    const { body } = await eventually(`${page} is answered`, async () => {
      const reply = await scene.api.get(page);
      return reply.status !== 503 && expectStatus(reply, 200);
    });
    rows.push(...body.data);
    next = body.next_cursor ? `&cursor=${body.next_cursor}` : '';
  } while (next);
  return rows;
}

/** What the lists of all endpoints have to which these runs went. */
async function listedByEndpoint(scene: Scene, runs: readonly Row[]): Promise<Row[]> {
  const endpoints = new Set<string>(runs.flatMap(({ endpoint_id }) => endpoint_id ?? []));
  const rows: Row[] = [];
  for (const endpoint of endpoints) rows.push(...(await listed(scene, `/v1/tasks?endpoint_id=${endpoint}`)));
  return rows;
}

/** Counts what the queues for trials got as calls. */
async function countTrials(scene: Scene): Promise<void> {
  for (const queue of ['trial', 'trial.fifo'])
    for (const { MessageAttributes = {} } of await takeAllFrom(scene, `${scene.stack.sqs}/000000000000/${queue}`)) {
      const texts = Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]);
      scene.receiver.take(calledAs(Object.fromEntries(texts)));
    }
}

/** Takes out what is visible, in flight or delayed: as far as it can be seen. */
export function takeAll(scene: Scene, queue: string): Promise<Message[]> {
  return takeAllFrom(scene, scene.stack.queueUrl(queue));
}

async function takeAllFrom({ console: { sqs } }: Scene, QueueUrl: string): Promise<Message[]> {
  const taken: Message[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    );
    if (Messages.length === 0) return taken;
    taken.push(...Messages);
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
