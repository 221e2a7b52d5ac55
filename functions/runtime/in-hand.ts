let count = 0;

/** How many messages of the invocation are still being handled: an execution environment has one invocation at a time. */
export const inHand = (): number => count;

/** Handles the messages of an invocation concurrently. Each is in hand from the start until it is handled. */
export function handleAll<Message>(
  messages: readonly Message[],
  handle: (message: Message) => Promise<void>,
): Promise<PromiseSettledResult<void>[]> {
  count = messages.length;
  return Promise.allSettled(messages.map((message) => handle(message).finally(() => count--)));
}
