import { atMemory, type InvocationTime } from './invocation-time.js';

export interface MeasuredTimes {
  /** The day. */
  readonly measuredAt: string;
  /** Of each scenario: code that has run often takes less processor time. */
  readonly tasks: number;
  readonly times: readonly InvocationTime[];
}

/** From the least that the functions run in to the memory that buys a whole processor. */
const SIZES = [256, 512, 1024, 1769];

/** What an invocation takes and costs at each size of memory, as docs/scaling.md has it. The size that ships is bold. */
export function memoryText({ measuredAt, tasks, times }: MeasuredTimes): string {
  const head = ['invocation (modelled)', 'processor', 'waits', ...SIZES.map((size) => `${size} MB`)];
  const rows = times.map((time) => [
    `${time.name}: ${time.what}`,
    milliseconds(time.processorMs),
    milliseconds(time.waitMs),
    ...SIZES.map((size) => cell(time, size)),
  ]);
  return [
    `An invocation, a cold start's loading of code, and a million invocations (processor time measured locally on ${measuredAt} with ${tasks} tasks; the rest modelled):`,
    [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n'),
  ].join('\n\n');
}

function cell(time: InvocationTime, size: number): string {
  const { ms, coldMs, dollars } = atMemory(time, size);
  const text = `${milliseconds(ms)} / ${milliseconds(coldMs)} / $${dollars.toFixed(2)}`;
  return size === time.memoryMb ? `**${text}**` : text;
}

const milliseconds = (ms: number): string => `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
