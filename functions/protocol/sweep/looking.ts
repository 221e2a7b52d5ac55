import { mapBounded } from '../../primitives/map-bounded.js';
import type { ConfigReader } from '../../subjects/endpoints/config-reader.js';
import type { Project } from '../../subjects/projects/project.js';
import { rememberConfig } from '../rules/config-reads.js';
import { bucketOf, type Position, type QueueName, type QueueTimes, type SweepPorts } from './sweep-ports.js';

/** Entries per list: about 25 KB. */
const LISTED_AT_ONCE = 1_000;
const AT_ONCE = 10;

/** The context of the check of one project. */
export interface Looking {
  readonly ports: SweepPorts;
  readonly project: Project;
  /** The position at which the check began. */
  readonly from: Position;
  /** Up to which moment each queue is worked off. */
  readonly clocks: QueueTimes;
  /** For destinations as they are now. Each is read once: an outdated one costs no more than the wrong lane. */
  readonly config: ConfigReader;
  readonly later: Later;
  /** Runs that this check has sent again: a run may be on two lists. */
  readonly sent: Set<string>;
}

/** @param name distinguishes this check's lists from those of other checks, but not from those of its own repeat */
export function lookingAt(ports: SweepPorts, project: Project, from: Position, until: Position, name: string): Looking {
  return {
    ports,
    project,
    from,
    clocks: until.due,
    config: rememberConfig(ports.config),
    later: new Later(ports, project.id, until.listed, name),
    sent: new Set(),
  };
}

/** Does `work` with each row. A row that fails is reported, and checked again in the next round. */
export async function eachSafely<Row extends { readonly id: string }>(
  looking: Looking,
  rows: readonly Row[],
  queueOf: (row: Row) => QueueName,
  work: (row: Row) => Promise<void>,
): Promise<void> {
  await mapBounded(rows, AT_ONCE, async (row) => {
    try {
      await work(row);
    } catch (error) {
      looking.ports.onFailure({ project: looking.project.id, row: row.id }, error);
      const queue = queueOf(row);
      await looking.later.look(queue, looking.clocks[queue], `again ${row.id}`);
    }
  });
}

/** Gathers entries to check later, and stores them as lists. */
export class Later {
  private readonly open = new Map<string, { queue: QueueName; at: number; serial: number; entries: Set<string> }>();

  constructor(
    private readonly ports: SweepPorts,
    private readonly project: string,
    private readonly listed: QueueTimes,
    private readonly name: string,
  ) {}

  /** Lists `entry`, to be checked when the queue is worked off up to `moment`, in the next round at the earliest. */
  async look(queue: QueueName, moment: number, entry: string): Promise<void> {
    const at = bucketOf(Math.max(moment, this.listed[queue] + 1));
    const key = `${queue} ${at}`;
    const list = this.open.get(key) ?? { queue, at, serial: 0, entries: new Set() };
    this.open.set(key, list);
    list.entries.add(entry);
    if (list.entries.size >= LISTED_AT_ONCE) await this.put(list);
  }

  /** To be called before the check's position is stored. */
  async flush(): Promise<void> {
    await mapBounded([...this.open.values()], AT_ONCE, (list) => this.put(list));
  }

  private async put(list: { queue: QueueName; at: number; serial: number; entries: Set<string> }): Promise<void> {
    if (list.entries.size === 0) return;
    const { queue, at } = list;
    const entries = [...list.entries];
    list.entries = new Set();
    const name = `${this.name}#${String(list.serial++).padStart(6, '0')}`;
    await this.ports.sweep.putLater(this.project, { queue, at, name, entries });
  }
}
