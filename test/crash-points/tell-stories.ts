import { audit } from './audit.js';
import { Lockstep } from './lockstep.js';
import { type Point, pointsBeyond, pointsOf, sideBySide } from './point.js';
import type { Scene } from './scene.js';
import type { CrashStory } from './story.js';
import { type Pace, Teller } from './teller.js';
import { Telling } from './telling.js';

export interface TellOptions extends Pace {
  /** Which points to try; by default all. */
  readonly points?: (story: CrashStory, point: Point) => boolean;
}

/** Tells each story once in calm, and then until each moment was met at which a function can die. */
export async function tellStories(
  scene: Scene,
  stories: readonly CrashStory[],
  options: TellOptions,
): Promise<Telling[]> {
  const isChosen = options.points ?? (() => true);
  const tellings = async (next: (story: CrashStory) => readonly Point[]) => {
    const planned = stories.flatMap((story) => {
      const chosen = next(story).filter((point) => isChosen(story, point));
      return sideBySide(chosen).map((points) => ({ story, points }));
    });
    return round(scene, planned, options);
  };
  const calm = await round(
    scene,
    stories.map((story) => ({ story, points: [] })),
    options,
  );
  const told = [...calm];
  const callsOf = ({ name }: CrashStory) =>
    calm.find(({ story, failures }) => story === name && failures.length === 0)?.calls;
  let last = await tellings((story) => pointsOf(callsOf(story) ?? {}));
  while (last.length > 0) {
    told.push(...last);
    const met = last.flatMap((telling) => metBeyond(telling, told).map((point) => ({ point, name: telling.story })));
    last = await tellings(({ name }) => met.flatMap((one) => (one.name === name ? pointsBeyond(one.point) : [])));
  }
  return told;
}

interface Planned {
  readonly story: CrashStory;
  readonly points: readonly Point[];
}

/** Points beyond all that were known, and met all the same. */
function metBeyond({ story, deaths }: Telling, told: readonly Telling[]): Point[] {
  const known = told.flatMap((telling) => (telling.story === story ? telling.points : []));
  return [...deaths.keys()].filter(({ fn, k, when }) => {
    return when === 'before' && !known.some((other) => other.fn === fn && other.k > k);
  });
}

async function round(scene: Scene, planned: readonly Planned[], options: TellOptions): Promise<Telling[]> {
  if (planned.length === 0) return [];
  const { turnstile, patienceMs } = options;
  const lockstep = new Lockstep(planned.length);
  const tell = async ({ story, points }: Planned): Promise<Telling> => {
    const telling = new Telling(story.name, points);
    await turnstile.enter({ isAwaited: story.stage !== 'alone' });
    const teller = new Teller(scene, telling, lockstep, options);
    await story.tell(teller).catch((error) => telling.failures.push(messageOf(error)));
    turnstile.leave();
    lockstep.leave();
    return telling;
  };
  const tellings = await Promise.all(planned.map(tell));
  const delayed = tellings.some(({ unknown }) => unknown > 0);
  // Messages of a later release are always on their way, so two calm looks in a row may never come.
  await scene
    .quiet({ delayed, looks: delayed ? 1 : 3, patienceMs })
    .catch((error) => tellings[0]?.failures.push(messageOf(error)));
  await audit(scene, tellings);
  return tellings;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
