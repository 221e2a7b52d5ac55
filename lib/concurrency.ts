/** Each provisioned poller has so many invocations at a time, at most. */
export const INVOCATIONS_OF_A_POLLER = 10;

/** Most invocations at a time of a queue's consumer: pollers replace the maximum concurrency. */
export function mostInvocations(concurrency: number, pollers: { readonly maximum: number } | undefined): number {
  return pollers ? INVOCATIONS_OF_A_POLLER * pollers.maximum : concurrency;
}

/** Part of the account's concurrency that the queues may take: the rest is for the API, and for other functions. */
export const SHARE_OF_QUEUES = 0.5;

/** The names of the maxima of a stage's queues. */
export function queueMaxima({ intake }: { readonly intake?: boolean | undefined }) {
  const always = ['fastLane', 'slowLane', 'crowdedLane', 'wakeUp', 'replay'] as const;
  return [...always, ...(intake ? (['intake'] as const) : [])].map((queue) => `${queue}Concurrency` as const);
}
