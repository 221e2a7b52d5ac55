import { availableParallelism, cpus } from 'node:os';

interface Used {
  /** Milliseconds of any clock. */
  readonly at: number;
  /** Milliseconds of processor time of this process. */
  readonly own: number;
  /** Milliseconds of all processors of the machine. */
  readonly idle: number;
  readonly total: number;
}

/** How busy the processors are that this process may use. */
export class Processors {
  private seen = used();

  /** Share of the processors that was in use since the last call, from 0 to 1. */
  busyShare(): number {
    const { seen } = this;
    this.seen = used();
    const { at, own, idle, total } = this.seen;
    // In a container, the machine may have many more processors than this process may use.
    const ofProcess = (own - seen.own) / Math.max(1, at - seen.at) / availableParallelism();
    const ofMachine = 1 - (idle - seen.idle) / Math.max(1, total - seen.total);
    return Math.max(ofProcess, ofMachine);
  }
}

function used(): Used {
  const { user, system } = process.cpuUsage();
  const times = cpus().map(({ times: { idle, ...busy } }) => {
    return { idle, total: Object.values(busy).reduce((sum, ms) => sum + ms, idle) };
  });
  const sum = (of: 'idle' | 'total') => times.reduce((all, each) => all + each[of], 0);
  return { at: performance.now(), own: (user + system) / 1000, idle: sum('idle'), total: sum('total') };
}
