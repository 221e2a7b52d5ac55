import { type AuditExport, type AuditExports, exportAudit } from '../../../../functions/subjects/audit/export-audit.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const START = 1_800_000_000_000;

/** DynamoDB's exports, of which each takes an hour. */
class World {
  now = START;
  last: AuditExport | undefined;
  readonly exports: { from?: number; until: number; token: number; at: number }[] = [];
  readonly failing = new Set<number>();
  readonly failures: string[] = [];
  dies = false;

  readonly auditExports: AuditExports = {
    last: async () => this.last,
    put: async (next) => {
      if (this.dies) throw new Error('dies');
      if (next.version !== (this.last?.version ?? 0) + 1) return false;
      this.last = next;
      return true;
    },
    state: async ({ export_arn }) => {
      const index = Number(export_arn);
      if (this.failing.has(index)) return { failure: 'access denied' };
      return this.now < this.exports[index]!.at + 60 * MINUTE ? 'running' : 'completed';
    },
    start: async (token, from, until) => {
      const same = this.exports.findIndex((one) => one.token === token && one.from === from);
      return `${same >= 0 ? same : this.exports.push({ from, until, token, at: this.now }) - 1}`;
    },
    startWhole: async () => {
      const until = this.now - 5 * MINUTE;
      return { export_arn: `${this.exports.push({ until, token: 0, at: this.now }) - 1}`, until };
    },
  };

  async rounds(until: number): Promise<void> {
    const onFailure = (_what: object, error: unknown) => void this.failures.push((error as Error).message);
    for (; this.now <= until; this.now += 15 * MINUTE)
      await exportAudit({ auditExports: this.auditExports, clock: { now: () => this.now }, onFailure }).catch(() => {});
  }

  spans = () => this.exports.map(({ from, until }) => [from === undefined ? 'all' : from - START, until - START]);
}

const WHOLE = -5 * MINUTE;

test('all is exported once, then each day once, from where the last export ended', async () => {
  const world = new World();
  await world.rounds(START + 3 * DAY + 60 * MINUTE);
  expect(world.spans()).toEqual([
    ['all', WHOLE],
    [WHOLE, WHOLE + DAY],
    [WHOLE + DAY, WHOLE + 2 * DAY],
    [WHOLE + 2 * DAY, WHOLE + 3 * DAY],
  ]);
  expect(world.failures).toEqual([]);
});

test('an export that failed is told and made again, before the next', async () => {
  const world = new World();
  world.failing.add(0).add(2);
  await world.rounds(START + 2 * DAY + 60 * MINUTE);
  const again = WHOLE + 15 * MINUTE;
  expect(world.spans()).toEqual([
    ['all', WHOLE],
    ['all', again],
    [again, again + DAY],
    [again, again + DAY],
    [again + DAY, again + 2 * DAY],
  ]);
  expect(world.failures).toEqual(Array(2).fill('The export of the audit failed: access denied'));
});

test('a process that dies before it notes an export does not make another one', async () => {
  const world = new World();
  await world.rounds(START + 60 * MINUTE);
  world.dies = true;
  await world.rounds(START + DAY + 60 * MINUTE);
  world.dies = false;
  await world.rounds(START + DAY + 120 * MINUTE);
  expect(world.spans()).toHaveLength(2);
});

test('after a pause that is longer than the backups reach, all is exported again', async () => {
  const world = new World();
  await world.rounds(START + 60 * MINUTE);
  world.now += 40 * DAY;
  await world.rounds(world.now);
  expect(world.spans().map(([from]) => from)).toEqual(['all', 'all']);
});
