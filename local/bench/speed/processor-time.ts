import { existsSync, readFileSync } from 'node:fs';

/** Milliseconds of processor time, user and system. */
export interface ProcessorTime {
  readonly all: number;
  /** Time of the one thread that serves API, AWS and receiver and makes the load. Linux only. */
  readonly servers?: number;
}

/** Statistics of this process's main thread, whose first number is nanoseconds on a processor. */
const MAIN_THREAD = `/proc/self/task/${process.pid}/schedstat`;

/** Processor time of the process since its start. On a busy machine it means more than elapsed time. */
export function processorTime(): ProcessorTime {
  const { user, system } = process.cpuUsage();
  const all = (user + system) / 1000;
  if (!existsSync(MAIN_THREAD)) return { all };
  return { all, servers: Number(readFileSync(MAIN_THREAD, 'utf8').split(' ')[0]) / 1e6 };
}

/** Processor time per delivery since `since`. */
export function processorTimePer(deliveries: number, since: ProcessorTime): ProcessorTime {
  const { all, servers } = processorTime();
  return {
    all: (all - since.all) / deliveries,
    ...(servers !== undefined && { servers: (servers - since.servers!) / deliveries }),
  };
}
