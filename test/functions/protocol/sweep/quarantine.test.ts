import { createRun, replayDeadLetter } from '../../../../functions/protocol/runs/run-operations.js';
import { type Quarantine, redrive, type SetApart } from '../../../../functions/protocol/sweep/quarantine.js';
import type { QueueName } from '../../../../functions/protocol/sweep/sweep-ports.js';
import { anEndpoint, aRun, Killed, START } from '../../../support/memory-world.js';
import { MINUTE, SweepWorld } from '../../../support/sweep-world.js';

const DAY = 24 * 60 * MINUTE;

/** A queue whose every message ends in its DLQ, or comes through. */
class Dlq implements Quarantine {
  apart: SetApart[] = [];
  sentBack: SetApart[] = [];
  readonly shown: string[] = [];
  private receipts = 0;

  constructor(
    readonly queue: QueueName,
    private readonly world: SweepWorld,
  ) {}

  add(body: string, attributes: Record<string, string> = {}): void {
    this.apart.push({ body, attributes, sentAt: this.world.now, receipt: `${this.queue} ${this.receipts++}` });
  }

  async *messages() {
    const found = await this.world.step('receive', () => [...this.apart]);
    for (let start = 0; start < found.length; start += 10) yield found.slice(start, start + 10);
  }

  async sendBack(message: SetApart, attributes: Readonly<Record<string, string>>): Promise<void> {
    await this.world.step('sendBack', () => this.sentBack.push({ ...message, attributes }));
    await this.world.step('delete', () => {
      this.apart = this.apart.filter(({ receipt }) => receipt !== message.receipt);
    });
  }

  async leave(messages: readonly SetApart[]): Promise<void> {
    await this.world.step('leave', () => this.shown.push(...messages.map(({ body }) => body)));
  }

  /** What was sent back kills its worker again, fifty times. */
  failAgain(): void {
    for (const { body, attributes } of this.sentBack.splice(0)) this.add(body, { ...attributes });
  }
}

function aWorld() {
  const world = new SweepWorld();
  const dlqs = { fast: new Dlq('fast', world), slow: new Dlq('slow', world), wakeUps: new Dlq('wake-ups', world) };
  const ports = { ...world.sweepPorts, quarantines: Object.values(dlqs) };
  return { world, dlqs, round: (isTimeUp = () => false) => redrive(ports, isTimeUp) };
}

async function tokenOf(world: SweepWorld): Promise<string> {
  await createRun(world.ports, aRun());
  return JSON.stringify(world.messages.pop()!.token);
}

test('what lies in a DLQ goes back to its own queue, body, group and failures as they were', async () => {
  const { world, dlqs, round } = aWorld();
  const bodies = [await tokenOf(world), 'not JSON', '{"kind":"unheard_of"}'];
  for (const body of bodies) dlqs.fast.add(body, { failures: '7' });
  dlqs.slow.add('slow');
  dlqs.wakeUps.add('fire', { ERROR_CODE: 'AccessDenied' });
  await round();
  expect(dlqs.fast.sentBack.map(({ body, attributes }) => [body, attributes])).toEqual(
    bodies.map((body) => [body, { failures: '7', quarantined: '1' }]),
  );
  expect(dlqs.slow.sentBack).toHaveLength(1);
  expect(dlqs.wakeUps.sentBack).toMatchObject([{ attributes: { quarantined: '1' } }]);
  // SQS takes ten attributes, and the Scheduler's own are eight.
  expect(dlqs.wakeUps.sentBack[0]!.attributes).not.toHaveProperty('ERROR_CODE');
  expect(Object.values(dlqs).map(({ apart }) => apart)).toEqual([[], [], []]);
  expect(world.metrics.counts).toEqual({ redriven: 5 });
  expect(world.letters.size).toBe(0);
});

test('what kills its worker each time stays after the third time, and shows itself again at once', async () => {
  const { world, dlqs, round } = aWorld();
  const body = await tokenOf(world);
  dlqs.fast.add(body);
  for (let rounds = 0; rounds < 10; rounds++) {
    await round();
    dlqs.fast.failAgain();
    world.now += 5 * 60 * MINUTE;
  }
  expect(world.metrics.counts).toEqual({ redriven: 3 });
  expect(dlqs.fast.apart).toMatchObject([{ body, attributes: { quarantined: '3' } }]);
  expect(dlqs.fast.shown).toEqual(Array(7).fill(body));
  expect(world.letters.size).toBe(0);
});

test('before SQS drops it, its run becomes a dead letter; the message is left', async () => {
  const { world, dlqs, round } = aWorld();
  const body = await tokenOf(world);
  const run = JSON.parse(body).run as string;
  for (const message of [body, 'not JSON', '{"kind":"probe"}']) dlqs.fast.add(message, { quarantined: '3' });
  world.now = START + 12 * DAY - 1;
  await round();
  expect(world.letters.size).toBe(0);
  world.now = START + 12 * DAY;
  await round();
  expect(world.letters.get(run)).toMatchObject({ reason: 'worker_failure' });
  expect(dlqs.fast.apart).toHaveLength(3);
  await round();
  expect(world.notices).toHaveLength(1);
});

test('it does not end its run again, once that was replayed', async () => {
  const { world, dlqs, round } = aWorld();
  const body = await tokenOf(world);
  const run = JSON.parse(body).run as string;
  dlqs.fast.add(body, { quarantined: '3' });
  world.now = START + 12 * DAY;
  await round();
  world.now += MINUTE;
  await replayDeadLetter(world.ports, world.letters.get(run)!);
  // Before its own message comes, and while that waits at the endpoint.
  await round();
  world.endpoint = anEndpoint({ status: 'paused' });
  await world.settleDown();
  expect(world.held.size).toBe(1);
  await round();
  expect(world.states.get(run)).toMatchObject({ status: 'pending', epoch: 1 });
  expect(world.letters.get(run)).toMatchObject({ status: 'replayed', epoch: 0 });
});

test('an attribute that says nothing counts as none', async () => {
  const { world, dlqs, round } = aWorld();
  for (const quarantined of ['', 'x', '-1', '1.5', 'NaN']) dlqs.fast.add('body', { quarantined });
  await round();
  expect(dlqs.fast.sentBack.map(({ attributes }) => attributes)).toEqual(Array(5).fill({ quarantined: '1' }));
  expect(world.metrics.counts.redriven).toBe(5);
});

test('a message or a queue that fails keeps no other from its turn', async () => {
  const { world, dlqs, round } = aWorld();
  dlqs.slow.messages = async function* () {
    yield [];
    throw new Error('AccessDenied');
  };
  for (let n = 0; n < 25; n++) dlqs.fast.add(`${n}`);
  const { sendBack } = dlqs.fast;
  dlqs.fast.sendBack = async (message, attributes) => {
    if (message.body === '3') throw new Error('too large');
    return sendBack.call(dlqs.fast, message, attributes);
  };
  await round();
  expect(dlqs.fast.sentBack).toHaveLength(24);
  expect(dlqs.fast.shown).toEqual(['3']);
  expect(world.failures).toHaveLength(2);
  expect(world.failures).toContainEqual({ queue: 'slow', error: new Error('AccessDenied') });
  expect(world.failures).toContainEqual({ queue: 'fast', body: '3', error: new Error('too large') });
});

test('a DLQ that is too full for a round is gone on with in the next', async () => {
  const { dlqs, round } = aWorld();
  for (let n = 0; n < 25; n++) dlqs.fast.add(`${n}`);
  await round(() => true);
  expect([dlqs.fast.sentBack.length, dlqs.fast.apart.length]).toEqual([10, 15]);
  await round();
  expect(dlqs.fast.apart).toEqual([]);
});

test('a reconciler that dies in between loses nothing, and adds a copy at most', async () => {
  const moments: string[] = [];
  const tell = async (death: number) => {
    const { world, dlqs, round } = aWorld();
    dlqs.fast.add('a');
    dlqs.fast.add('b', { quarantined: '3' });
    let step = 0;
    world.at = (moment) => {
      if (death < 0) moments.push(moment);
      if (step++ === death) throw new Killed();
    };
    await round();
    world.at = () => {};
    await round();
    expect(dlqs.fast.apart.map(({ body }) => body)).toEqual(['b']);
    expect(dlqs.fast.sentBack.length).toBeGreaterThan(0);
    expect(dlqs.fast.sentBack.length).toBeLessThanOrEqual(2);
  };
  await tell(-1);
  expect(moments.length).toBeGreaterThan(8);
  for (let death = 0; death < moments.length; death++) await tell(death);
});
