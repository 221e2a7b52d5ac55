import { audit } from './audit.js';
import { Lockstep } from './lockstep.js';
import { type Point, pointsBeyond, pointsOf } from './point.js';
import type { Scene } from './scene.js';
import type { Story } from './story.js';
import { Teller } from './teller.js';
import { Telling } from './telling.js';

export interface TellOptions {
  /** How many tellings at most go on side by side. */
  readonly atOnce: number;
  /** How long something that should happen is waited for. */
  readonly patienceMs: number;
  /** Which points to try; by default all. */
  readonly points?: (story: Story, point: Point) => boolean;
}

/** Tells each story once in calm, and then once for each moment at which a function can die. */
export async function tellStories(scene: Scene, stories: readonly Story[], options: TellOptions): Promise<Telling[]> {
  const calm = await round(
    scene,
    stories.map((story) => ({ story })),
    options,
  );
  const told = [...calm];
  let next = calm
    .filter(({ failures }) => failures.length === 0)
    .flatMap(({ story: name, calls }) => {
      const story = stories.find((candidate) => candidate.name === name)!;
      return pointsOf(calls).map((point) => ({ story, point }));
    });
  while (next.length > 0) {
    const chosen = next.filter(({ story, point }) => options.points?.(story, point) ?? true);
    const tellings = await round(scene, chosen, options);
    told.push(...tellings);
    next = chosen
      .filter((_, index) => wasBeyond(tellings[index]!, told))
      .flatMap(({ story, point }) => {
        return pointsBeyond(point).map((further) => ({ story, point: further }));
      });
  }
  return told;
}

interface Planned {
  readonly story: Story;
  readonly point?: Point;
}

/** Whether a point that no calm telling had was met. */
function wasBeyond({ story, point, struck }: Telling, told: readonly Telling[]): boolean {
  if (point?.when !== 'before' || struck === undefined) return false;
  const further = ({ fn, k }: Point) => fn === point.fn && k > point.k;
  const known = told.some((other) => other.story === story && other.point !== undefined && further(other.point));
  return !known;
}

async function round(scene: Scene, planned: readonly Planned[], options: TellOptions): Promise<Telling[]> {
  const lockstep = new Lockstep(planned.length);
  const waiting = planned.map((plan) => ({ ...plan, telling: new Telling(plan.story.name, plan.point) }));
  const tellings = waiting.map(({ telling }) => telling);
  const atOnce = waiting.some(({ story }) => story.stage !== 'alone') ? waiting.length : options.atOnce;
  const tellNext = async (): Promise<void> => {
    for (let plan = waiting.shift(); plan; plan = waiting.shift()) {
      const { story, telling } = plan;
      const teller = new Teller(scene, telling, lockstep, options.patienceMs);
      await story.tell(teller).catch((error) => telling.failures.push(messageOf(error)));
      lockstep.leave();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, tellNext));
  await scene.quiet({ patienceMs: options.patienceMs }).catch((error) => tellings[0]?.failures.push(messageOf(error)));
  await audit(scene, tellings);
  return tellings;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
