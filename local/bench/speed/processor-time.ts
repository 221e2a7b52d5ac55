import { existsSync, readFileSync } from 'node:fs';

/** Milliseconds of the processor, user and system. */
export interface ProcessorTime {
  readonly all: number;
  /** Of the one thread that serves: the API, AWS and the receiver; and that makes the load. Only Linux tells. */
  readonly servers?: number;
}

/** Of this process's main thread: its nanoseconds on a processor come first. */
const MAIN_THREAD = `/proc/self/task/${process.pid}/schedstat`;

/** What the process has taken of the processor since it started. On a busy machine it says more than seconds do. */
export function processorTime(): ProcessorTime {
  const { user, system } = process.cpuUsage();
  const all = (user + system) / 1000;
  if (!existsSync(MAIN_THREAD)) return { all };
  return { all, servers: Number(readFileSync(MAIN_THREAD, 'utf8').split(' ')[0]) / 1e6 };
}

/** What each of `deliveries` took since then. */
export function processorTimePer(deliveries: number, since: ProcessorTime): ProcessorTime {
  const { all, servers } = processorTime();
  return {
    all: (all - since.all) / deliveries,
    ...(servers !== undefined && { servers: (servers - since.servers!) / deliveries }),
  };
}
