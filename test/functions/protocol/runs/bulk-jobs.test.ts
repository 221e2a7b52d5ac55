import { makeId, siblingId } from '../../../../functions/primitives/ids.js';
import type { BulkToken } from '../../../../functions/protocol/rules/token.js';
import {
  type BulkPorts,
  beginBulkJob,
  countMatches,
  performBulkPage,
} from '../../../../functions/protocol/runs/bulk-jobs.js';
import type { BulkJob } from '../../../../functions/subjects/bulk-jobs/bulk-job.js';
import type { DeadLetter } from '../../../../functions/subjects/dead-letters/dead-letter.js';
import type { Project } from '../../../../functions/subjects/projects/project.js';
import type { NewRuns } from '../../../../functions/subjects/projects/quotas.js';
import { pendingState } from '../../../../functions/subjects/task-runs/task-run.js';
import { MemoryBulk } from '../../../support/memory-bulk.js';
import { aRun, Killed, MemoryWorld, PROJECT_ID, START } from '../../../support/memory-world.js';

const KEEP_MS = 30 * 86_400_000;
const MINUTE = 60_000;

/** The dispatcher's side of a bulk replay, over letters in memory; every port call is a moment to die. */
class BulkWorld extends MemoryWorld {
  private readonly bulk = new MemoryBulk(this);

  get job(): BulkJob | undefined {
    return [...this.bulk.jobs.values()][0];
  }

  set job(job: BulkJob) {
    this.bulk.jobs.set(`${job.project_id} ${job.id}`, job);
  }

  readonly bulkPorts: BulkPorts = {
    ...this.ports,
    bulkJobs: this.bulk.store,
    deadLetterLists: this.bulk.lists,
    runLists: this.bulk.runLists,
  };

  addLetters(count: number, change: Partial<DeadLetter> = {}): DeadLetter[] {
    return Array.from({ length: count }, () => {
      const run = aRun();
      const letter: DeadLetter = {
        id: siblingId('dl', run.id),
        project_id: PROJECT_ID,
        run,
        epoch: 0,
        attempt: 3,
        reason: 'attempts_exhausted',
        status: 'open',
        created_at: START,
        updated_at: START,
        ...change,
      };
      this.letters.set(run.id, letter);
      return letter;
    });
  }

  /** Works the wake-up queue off; a killed dispatcher's token comes again, and `twice` delivers each a second time. */
  async dispatchAll(twice = false): Promise<void> {
    for (let rounds = 0; this.dispatched.length > 0; rounds += 1) {
      if (rounds > 100) throw new Error('the queue never runs empty');
      const token = this.dispatched.shift() as BulkToken;
      this.now += 1_000;
      try {
        await performBulkPage(this.bulkPorts, token);
        if (twice && rounds < 20) await performBulkPage(this.bulkPorts, token);
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        this.dispatched.push(token);
      }
    }
  }
}

const aJob = (change: Partial<BulkJob> = {}): BulkJob => ({
  id: makeId('bulk', START, Buffer.alloc(8, 9)),
  project_id: PROJECT_ID,
  until: START,
  status: 'running',
  cursor: '',
  done: 0,
  created_at: START,
  expires_at: START + KEEP_MS,
  ...change,
});

const token = (change: Partial<BulkToken> = {}): BulkToken => ({
  kind: 'bulk',
  project: PROJECT_ID,
  job: aJob().id,
  cursor: '',
  sent_at: START,
  hop: 0,
  ...change,
});

function expectReplayed(world: BulkWorld, letters: DeadLetter[]): void {
  for (const { run } of letters) {
    expect(world.letters.get(run.id)).toMatchObject({ status: 'replayed', bulk_id: aJob().id });
    expect(world.states.get(run.id)).toMatchObject({ status: 'pending', attempt: 3, epoch: 1, limit: 6 });
    expect(world.messages.some(({ token: sent }) => sent.run === run.id && sent.attempt === 4)).toBe(true);
  }
}

it('replays every match over several pages, and nothing else', async () => {
  const world = new BulkWorld();
  const matching = world.addLetters(120);
  const others = [
    ...world.addLetters(5, { status: 'resolved' }),
    ...world.addLetters(5, { status: 'replayed' }),
    ...world.addLetters(5, { reason: 'given_up' }),
    ...world.addLetters(5, { created_at: START + 1 }),
  ];
  await beginBulkJob(world.bulkPorts, aJob({ reason: 'attempts_exhausted' }));
  await world.dispatchAll();
  expect(world.job).toMatchObject({ status: 'completed', done: 120 });
  expectReplayed(world, matching);
  for (const letter of others) expect(world.letters.get(letter.run.id)).toEqual(letter);
});

it('comes to the same end wherever its workers die, and whichever message comes twice', async () => {
  const points = await countPoints();
  expect(points).toBeGreaterThan(500);
  for (let killAt = 1; killAt <= points; killAt += 1) {
    // The replays in the middle are all alike.
    if (killAt > 80 && killAt < points - 80 && killAt % 7 !== 0) continue;
    const world = new BulkWorld();
    const letters = world.addLetters(52);
    let point = 0;
    world.at = () => {
      point += 1;
      if (point === killAt) throw new Killed();
    };
    await beginUntilItSucceeds(world);
    await world.dispatchAll(killAt % 2 === 0);
    expect(world.job).toMatchObject({ status: 'completed', done: 52 });
    expectReplayed(world, letters);
  }
});

async function countPoints(): Promise<number> {
  const world = new BulkWorld();
  world.addLetters(52);
  let points = 0;
  world.at = () => {
    points += 1;
  };
  await beginUntilItSucceeds(world);
  await world.dispatchAll();
  return points;
}

/** The client repeats its request under the same Idempotency-Key, so with the same job. */
async function beginUntilItSucceeds(world: BulkWorld): Promise<void> {
  const begin = () => beginBulkJob(world.bulkPorts, aJob());
  await begin().catch(async (error) => {
    if (!(error instanceof Killed)) throw error;
    await begin();
  });
}

it('puts a token back while its job may still be on its way, for five minutes', async () => {
  const world = new BulkWorld();
  world.now = START + 4 * MINUTE;
  await performBulkPage(world.bulkPorts, token({ hop: 7 }));
  expect(world.dispatched).toEqual([token({ hop: 8 })]);
  world.dispatched.length = 0;
  world.now = START + 5 * MINUTE;
  await performBulkPage(world.bulkPorts, token());
  expect(world.dispatched).toEqual([]);
});

it('acknowledges a token of a page that is done, and puts back one that is ahead', async () => {
  const world = new BulkWorld();
  const letters = world.addLetters(3).map(({ id }) => id);
  const [low, middle, high] = letters.sort() as [string, string, string];
  world.job = aJob({ cursor: middle });
  await performBulkPage(world.bulkPorts, token({ cursor: high }));
  await performBulkPage(world.bulkPorts, token());
  expect(world.dispatched).toEqual([]);
  await performBulkPage(world.bulkPorts, token({ cursor: low }));
  expect(world.dispatched).toEqual([token({ cursor: low, hop: 1 })]);
  expect([...world.letters.values()].every(({ status }) => status === 'open')).toBe(true);
});

it('skips a dead letter that was resolved after the page was read', async () => {
  const world = new BulkWorld();
  const [first, second] = world.addLetters(2) as [DeadLetter, DeadLetter];
  world.job = aJob();
  world.at = (moment) => {
    if (moment === 'before closeLetter')
      world.letters.set(first.run.id, { ...first, status: 'resolved', note: 'not needed' });
  };
  await performBulkPage(world.bulkPorts, token());
  expect(world.letters.get(first.run.id)?.status).toBe('resolved');
  expect(world.states.get(first.run.id)).toBeUndefined();
  expectReplayed(world, [second]);
  expect(world.job).toMatchObject({ status: 'completed', done: 1 });
});

it('leaves a run alone that died again after this job had replayed it', async () => {
  const world = new BulkWorld();
  const [letter] = world.addLetters(1) as [DeadLetter];
  const again = { ...letter, epoch: 1, attempt: 6, created_at: START + MINUTE };
  world.letters.set(letter.run.id, again);
  world.job = aJob();
  await performBulkPage(world.bulkPorts, token());
  expect(world.letters.get(letter.run.id)).toEqual(again);
  expect(world.job.status).toBe('completed');
});

it('takes a breath between its pages, so that what is due anyway comes in between', async () => {
  const world = new BulkWorld();
  world.addLetters(120);
  const waits: (number | undefined)[] = [];
  const sendToDispatcher: BulkPorts['wakeUps']['sendToDispatcher'] = (token, wait) => {
    waits.push(wait);
    return world.ports.wakeUps.sendToDispatcher(token);
  };
  const ports = { ...world.bulkPorts, wakeUps: { ...world.ports.wakeUps, sendToDispatcher } };
  await beginBulkJob(ports, aJob());
  while (world.dispatched.length > 0) await performBulkPage(ports, world.dispatched.shift() as BulkToken);
  expect(waits).toEqual([undefined, 1, 1]);
  expect(world.job).toMatchObject({ status: 'completed', done: 120 });
});

it('replays as many as its project may have, and waits for room', async () => {
  const world = new BulkWorld();
  const letters = world.addLetters(70);
  const room = { left: 20 };
  const takeRuns = async (_project: string, { count, bytes }: NewRuns) => {
    expect([count, bytes]).toEqual([1, 0]);
    room.left -= room.left > 0 ? count : 0;
    return room.left > 0;
  };
  const ports = { ...world.bulkPorts, takeRuns };
  const page = async () => performBulkPage(ports, world.dispatched.shift() as BulkToken);
  const replayed = () => [...world.letters.values()].filter(({ status }) => status === 'replayed').length;
  await beginBulkJob(ports, aJob());
  room.left += 1;
  await page();
  world.now += 2 * MINUTE;
  await page();
  expect([replayed(), world.job]).toMatchObject([20, { status: 'running', done: 20, updated_at: world.now }]);
  room.left = 1_000;
  while (world.dispatched.length > 0) await page();
  expect([world.job, room.left]).toMatchObject([{ status: 'completed', done: 70 }, 950]);
  expectReplayed(world, letters);
});

/** Begins the job and works it off once for every moment at which a worker can die. */
async function wherever(job: BulkJob, prepare: (world: BulkWorld) => void, check: (world: BulkWorld) => void) {
  let points = Infinity;
  for (let killAt = 0; killAt <= points; killAt += 1) {
    const world = new BulkWorld();
    prepare(world);
    let point = 0;
    world.at = () => {
      point += 1;
      if (point === killAt) throw new Killed();
    };
    const begin = () => beginBulkJob(world.bulkPorts, job);
    await begin().catch((error) => (error instanceof Killed ? begin() : Promise.reject(error)));
    await world.dispatchAll(killAt % 2 === 1);
    if (killAt === 0) points = point;
    check(world);
  }
}

it('resolves what is open, with the note, wherever its workers die', async () => {
  const job = aJob({ action: 'resolve', note: 'refunded' });
  await wherever(
    job,
    (world) => {
      world.addLetters(12);
      world.addLetters(3, { status: 'resolved', note: 'before' });
    },
    (world) => {
      expect(world.job).toMatchObject({ status: 'completed', done: 12 });
      const notes = [...world.letters.values()].map(({ status, note }) => `${status} ${note}`).sort();
      expect(notes).toEqual([...Array(3).fill('resolved before'), ...Array(12).fill('resolved refunded')]);
      expect(world.messages).toEqual([]);
    },
  );
});

it('cancels what has not ended, wherever its workers die', async () => {
  const ended = aRun();
  await wherever(
    aJob({ action: 'cancel' }),
    (world) => {
      for (const run of Array.from({ length: 6 }, () => aRun())) world.definitions.set(run.id, run);
      world.definitions.set(ended.id, ended);
      world.states.set(ended.id, { ...pendingState(ended), status: 'success', version: 1, finished_at: START - 1 });
    },
    (world) => {
      expect(world.job).toMatchObject({ status: 'completed', done: 6 });
      const statuses = [...world.definitions.keys()].map((id) => world.states.get(id)!.status).sort();
      expect(statuses).toEqual([...Array(6).fill('cancelled'), 'success']);
    },
  );
});

it('goes over ids page by page, and leaves out those of nothing and those that died later', async () => {
  const world = new BulkWorld();
  const letters = world.addLetters(60);
  const [later] = world.addLetters(1, { created_at: START + 1 }) as [DeadLetter];
  const ids = [...letters, later].map(({ id }) => id);
  await beginBulkJob(world.bulkPorts, aJob({ ids: [...ids, ids[0]!, makeId('dl', START, Buffer.alloc(8))] }));
  world.addLetters(5);
  await world.dispatchAll();
  expect(world.job).toMatchObject({ status: 'completed', done: 60 });
  expectReplayed(world, letters);
  expect(world.letters.get(later.run.id)!.status).toBe('open');
});

it('counts what is still to be done, and says where it stopped', async () => {
  const world = new BulkWorld();
  world.addLetters(70);
  world.addLetters(10, { status: 'replayed' });
  const count = () => countMatches(world.bulkPorts, { id: PROJECT_ID } as Project, aJob());
  expect(await count()).toEqual({ count: 70, is_complete: true });
  world.addLetters(1_000);
  expect(await count()).toEqual({ count: 1_000, is_complete: false });
});
