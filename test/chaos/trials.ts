import { callOf, type ReceivedCall } from './hostile-receiver.js';
import type { KillableStack } from './killable-stack.js';
import type { Leftover } from './leftovers.js';

export const isTrial = ({ queue }: Leftover): boolean => queue === 'trial';

/** What the queue for trials got, as calls: no consumer is there. */
export function trialCalls(
  left: readonly Leftover[],
  stack: KillableStack,
  seed: number,
  intact: (task: number, body: string) => boolean,
): ReceivedCall[] {
  return left.filter(isTrial).map(({ body, sentAt, attributes }) => {
    const texts = Object.entries(attributes).map(([name, { StringValue }]) => [name, StringValue]);
    const call = callOf('trial', Object.fromEntries(texts), body, seed, 0);
    const [claimedAt, at] = [call.claimedAt, sentAt].map((moment) => stack.realTime(moment)) as [number, number];
    return { ...call, claimedAt, at, intact: intact(call.task, body) };
  });
}
