import { createEmfMetrics } from './emf-metrics.js';
import { readEnv, stageEnv } from './env.js';

/** To stdout itself: with JSON logging, Lambda's own console would wrap the line, and CloudWatch read no metrics from it. */
const print = (line: string) => void process.stdout.write(`${line}\n`);

/** What the invocation under way counts: an execution environment has one at a time. */
const { STAGE: stage, VERSION: version } = readEnv(stageEnv);
export const metrics = createEmfMetrics({ stage, version }, print, Date.now);

/**
 * The handler, telling what it counted however it ends: one line per invocation, never one per delivery. `tell` is another
 * way of doing so.
 */
export function counting<Args extends unknown[], Result>(
  handler: (...args: Args) => Promise<Result>,
  tell = metrics.flush,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    try {
      return await handler(...args);
    } finally {
      tell();
    }
  };
}
