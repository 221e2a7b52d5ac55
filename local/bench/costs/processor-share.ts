import { performance } from 'node:perf_hooks';
import type { FunctionPool } from '../../function-pool.js';

/**
 * From now on: which share of the time in which threads of this process wanted a processor they had one (0 to 1). On a
 * crowded machine they wait for each other, and for others; that wait is no function's own.
 */
export function processorShare(pools: readonly FunctionPool[]): () => number {
  const processorStart = process.cpuUsage();
  const loopStart = performance.eventLoopUtilization();
  const activeMs = () =>
    pools.flatMap((pool) => pool.workers()).reduce((total, environment) => total + environment.activeMs(), 0);
  const activeStart = activeMs();
  return () => {
    const { user, system } = process.cpuUsage(processorStart);
    const wanted = performance.eventLoopUtilization(loopStart).active + activeMs() - activeStart;
    return Math.min(1, (user + system) / 1000 / Math.max(1, wanted));
  };
}
