import { newProject } from '../support/tenant.js';
import { apiAsReceiver, tellingReceiver } from './receiver.js';
import type { Outside, OutsideStory } from './story.js';
import { StoryTeller } from './story-teller.js';

/** A running Punctual, as its operator knows it. */
export interface Deployment {
  readonly api: string;
  readonly operatorKey: string;
  /** Speaks as the local stack's receiver does; without one, the API itself is called. */
  readonly receiver?: string | undefined;
}

export interface Told {
  readonly name: string;
  /** Why it is not as it is told; undefined when it is. */
  readonly fault?: Error;
  readonly ms: number;
}

/**
 * Tells them one by one, in a project of their own: side by side they would ask more often than a small stage allows.
 * @param heard of each story, as soon as it was told
 * @throws Error when there is no project to tell them in
 */
export async function tellAll(
  stories: readonly OutsideStory[],
  deployment: Deployment,
  heard: (told: Told) => void,
): Promise<void> {
  const outside = await newcomer(deployment);
  for (const story of stories) heard(await told(story.name, () => story.tell(outside)));
}

/** A user with a project of its own, and the place that is called. */
export async function newcomer({ api, operatorKey, receiver }: Deployment): Promise<Outside> {
  const access = await newProject(api, operatorKey);
  const place = receiver === undefined ? apiAsReceiver(access.api) : tellingReceiver(receiver);
  return { teller: new StoryTeller(access), receiver: place };
}

/** What came of it, also when it throws. */
export async function told(name: string, tell: () => Promise<void>): Promise<Told> {
  const started = Date.now();
  try {
    await tell();
    return { name, ms: Date.now() - started };
  } catch (error) {
    return { name, ms: Date.now() - started, fault: error as Error };
  }
}

/** `passed    4.2 s  task: …`, or another word, with the reasons below. */
export function toldLine(word: string, { name, ms }: Told, ...reasons: string[]): string {
  const below = reasons.flatMap((reason) => reason.split('\n')).map((line) => `\n    ${line}`);
  return `${word.padEnd(7)} ${(ms / 1000).toFixed(1).padStart(5)} s  ${name}${below.join('')}`;
}
