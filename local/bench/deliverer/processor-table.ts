import { table } from '../table.js';
import type { ProcessorCost } from './processor-cost.js';

export function processorTable({ delivererMicros, bareMicros, ratio }: ProcessorCost): string {
  return table([
    ['processor time of a delivery', ''],
    ['the deliverer alone', `${delivererMicros.toFixed(0)} µs`],
    ['a bare http.request', `${bareMicros.toFixed(0)} µs`],
    ['ratio', ratio.toFixed(1)],
  ]);
}
