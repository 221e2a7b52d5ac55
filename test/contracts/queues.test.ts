import { randomBytes } from 'node:crypto';
import { makeId } from '../../functions/primitives/ids.js';
import type { DeliverToken, FireToken, ReleaseToken } from '../../functions/protocol/rules/token.js';
import { createQuarantine } from '../../functions/queues/quarantine.js';
import { HIDDEN_SECONDS, openQueues, type Queues, SQS_ELSEWHERE } from './queues-under-test.js';

/** Within SQS's most delay, and beyond it. */
const NEAR_MS = 15 * 60_000;
const HOUR_MS = 3_600_000;
/** A wake-up of the Scheduler may come a minute late, and is put back by its consumer: it is armed for this long before. */
const LEAD_MS = 90_000;
const SPREAD_MS = 720_000;

let queues: Queues;
beforeEach(async () => {
  queues = await openQueues();
});
afterEach(() => queues.close());

function tokenDue(due: number, change: Partial<DeliverToken> = {}): DeliverToken {
  const now = queues.now();
  const run = makeId('run', now, randomBytes(8));
  return { kind: 'deliver', project: 'proj_1', run, group: 'ep_1', attempt: 2, due, sent_at: now, hop: 0, ...change };
}

function aFire(occurrence: number, change: Partial<FireToken> = {}): FireToken {
  const now = queues.now();
  const schedule = makeId('sch', now, randomBytes(8));
  const base = { kind: 'fire', project: 'proj_1', schedule, gen: 1, occurrence, nonce: 'n' } as const;
  return { ...base, sent_at: now, hop: 0, ...change };
}

describe('a token', () => {
  test('arrives in its lane and in no other, as it was sent, once', async () => {
    const [fast, slow] = [tokenDue(0), tokenDue(0)];
    await queues.wakeUps.sendToLane('fast', fast, 0);
    await queues.wakeUps.sendToLane('slow', slow, 0);
    expect(await queues.take('fast')).toEqual([fast]);
    expect(await queues.take('slow')).toEqual([slow]);
    expect(await queues.take('wakeUps')).toEqual([]);
    expect(await queues.take('fast')).toEqual([]);
  });

  test('is one of many that are sent at the same moment, each of which arrives once', async () => {
    const tokens = Array.from({ length: 25 }, () => tokenDue(0));
    await Promise.all(tokens.map((token) => queues.wakeUps.sendToLane('fast', token, 0)));
    const runs = ((await queues.take('fast')) as DeliverToken[]).map(({ run }) => run);
    expect(runs.sort()).toEqual(tokens.map(({ run }) => run).sort());
  });

  test('of a retry arrives up to a second after its moment', async () => {
    const due = queues.now() + 2_000;
    const token = tokenDue(due);
    await queues.wakeUps.sendToLane('fast', token, due);
    await queues.passes(1);
    expect(await queues.take('fast')).toEqual([]);
    await queues.passes(2);
    expect(await queues.take('fast')).toEqual([token]);
  });

  test('of a first attempt arrives one to two seconds before its moment', async () => {
    const due = queues.now() + 4_000;
    const token = tokenDue(due, { attempt: 1 });
    await queues.wakeUps.sendToLane('fast', token, due);
    await queues.passes(1);
    expect(await queues.take('fast')).toEqual([]);
    await queues.passes(2);
    expect(await queues.take('fast')).toEqual([token]);
  });

  test('for the dispatcher waits as long as it is told to, and a second when it is put back', async () => {
    const token: ReleaseToken = { kind: 'release', project: 'p', endpoint: 'e', rev: 1, sent_at: 0, hop: 0 };
    await queues.wakeUps.sendToDispatcher(token);
    expect(await queues.take('wakeUps')).toEqual([token]);
    await queues.wakeUps.sendToDispatcher({ ...token, hop: 1 });
    await queues.wakeUps.sendToDispatcher({ ...token, hop: 2 }, 3);
    expect(await queues.take('wakeUps')).toEqual([]);
    await queues.passes(1.5);
    expect(await queues.take('wakeUps')).toEqual([{ ...token, hop: 1 }]);
    await queues.passes(2);
    expect(await queues.take('wakeUps')).toEqual([{ ...token, hop: 2 }]);
  });

  test('that was received comes again when its visibility says so, and says how often it came', async () => {
    await queues.wakeUps.sendToLane('fast', tokenDue(0), 0);
    const [first] = await queues.receive('fast');
    expect(first!.Attributes!['ApproximateReceiveCount']).toBe('1');
    expect(await queues.receive('fast')).toEqual([]);
    await queues.visibility.change(first!.ReceiptHandle!, 2);
    await queues.passes(1);
    expect(await queues.receive('fast')).toEqual([]);
    await queues.passes(1.5);
    const [second] = await queues.receive('fast');
    expect(second).toMatchObject({ Body: first!.Body, Attributes: { ApproximateReceiveCount: '2' } });
    const firstReceived = 'ApproximateFirstReceiveTimestamp';
    expect(second!.Attributes![firstReceived]).toBe(first!.Attributes![firstReceived]);
    await queues.visibility.change(second!.ReceiptHandle!, 0);
    expect(await queues.take('fast')).toHaveLength(1);
  });
});

test('a dead letter’s copy says in its attributes what died, whatever its words', async () => {
  const notice = { project: 'proj_1', dead_letter: 'dl_1', task: 'run_1', endpoint: null, reason: 'blocked', epoch: 0 };
  await queues.deadLetterQueue.send(notice, 'grüße, 世界');
  const [{ Body, MessageAttributes } = {}] = await queues.receive('deadLetters');
  expect(JSON.parse(Body!)).toEqual(notice);
  expect(MessageAttributes).toMatchObject({
    reason: { DataType: 'String', StringValue: 'blocked' },
    last_status: { DataType: 'String', StringValue: 'grüße, 世界' },
  });
});

test('a look through a queue meets each message once, and takes none out', async () => {
  const tokens = Array.from({ length: 12 }, () => tokenDue(0));
  for (const token of tokens) await queues.wakeUps.sendToLane('fast', token, 0);
  const seen: string[] = [];
  const quarantine = createQuarantine(queues.client, 'fast', queues.urls.fast, queues.urls.slow);
  for await (const messages of quarantine.messages()) seen.push(...messages.map(({ body }) => JSON.parse(body).run));
  expect(seen.sort()).toEqual(tokens.map(({ run }) => run).sort());
  if (SQS_ELSEWHERE !== undefined) return; // a minute is too long to wait there
  await queues.passes(2 * HIDDEN_SECONDS);
  expect(await queues.take('fast')).toHaveLength(12);
});

// Of what lies hours ahead a clock that is turned forward can tell.
const [ahead, why] =
  SQS_ELSEWHERE === undefined ? [describe] : [describe.skip, ' (skipped: the clock there is the wall’s)'];

ahead(`a wake-up beyond the most delay of SQS${why ?? ''}`, () => {
  test.each([NEAR_MS + 60_000, 5 * HOUR_MS, 400 * 24 * HOUR_MS])(
    'of a run, %p ms ahead, arrives before its moment, once',
    async (wait) => {
      const due = queues.now() + wait;
      const token = tokenDue(due);
      await queues.wakeUps.sendToLane('slow', token, due);
      await queues.wakeUps.sendToLane('slow', token, due); // the sender, whose reply was lost
      const seconds = (ms: number) => Math.ceil((ms - queues.now()) / 1_000);
      const earliest = Math.max(queues.now() + 60_000, due - LEAD_MS - SPREAD_MS);
      await queues.passes(seconds(earliest) - 2);
      expect(await queues.take('slow')).toEqual([]);
      await queues.passes(seconds(due - LEAD_MS) + 1);
      expect(await queues.take('slow')).toEqual([token]);
      await queues.passes(2 * 3_600);
      expect(await queues.take('slow')).toEqual([]);
    },
  );

  test('of an attempt that is taken back does not arrive, and no other is', async () => {
    const due = queues.now() + HOUR_MS;
    const second = tokenDue(due);
    const [third, other] = [{ ...second, attempt: 3 }, tokenDue(due)];
    for (const token of [second, third, other]) await queues.wakeUps.sendToLane('fast', token, due);
    await queues.wakeUps.disarm(second.run, 2);
    await queues.wakeUps.disarm(second.run, 2);
    await queues.passes(3_600);
    const arrived = await queues.take('fast');
    expect(arrived).toHaveLength(2);
    expect(arrived).toEqual(expect.arrayContaining([third, other]));
  });

  test('of a schedule has a name, under which it is taken back; those of other positions stay', async () => {
    const at = queues.now() + HOUR_MS;
    const fire = aFire(at);
    const [later, edited] = [
      { ...fire, occurrence: at + 1_000 },
      { ...fire, gen: 2 },
    ];
    const names = [fire, later, edited].map((position) => queues.wakeUps.fireName(position, at));
    expect(new Set(names).size).toBe(3);
    expect(names).not.toContain(undefined);
    for (const token of [fire, later, edited, fire]) await queues.wakeUps.sendFire(token, at);
    await queues.wakeUps.disarmFire(fire);
    await queues.wakeUps.disarmFire(fire);
    await queues.passes(3_600);
    const arrived = await queues.take('wakeUps');
    expect(arrived).toHaveLength(2);
    expect(arrived).toEqual(expect.arrayContaining([later, edited]));
  });

  test('is armed anew when it came too early, and is put back', async () => {
    const at = queues.now() + 2 * HOUR_MS;
    const fire = aFire(at);
    await queues.wakeUps.sendFire(fire, at - HOUR_MS);
    await queues.passes(3_600);
    expect(await queues.take('wakeUps')).toEqual([fire]);
    const again = { ...fire, hop: 1 };
    await queues.wakeUps.sendFire(again, at);
    await queues.passes(3_600);
    expect(await queues.take('wakeUps')).toEqual([again]);
  });
});

test('a wake-up of a schedule that a delay reaches has no name, and arrives up to a second after its moment', async () => {
  const at = queues.now() + 2_000;
  const fire = aFire(at + 5_000);
  expect(queues.wakeUps.fireName(fire, at)).toBeUndefined();
  await queues.wakeUps.sendFire(fire, at);
  await queues.wakeUps.disarmFire(fire); // changes nothing
  await queues.passes(1);
  expect(await queues.take('wakeUps')).toEqual([]);
  await queues.passes(2);
  expect(await queues.take('wakeUps')).toEqual([fire]);
});
