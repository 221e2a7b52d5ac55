import type { Place, PlaceStore, ProjectInLane } from '../../functions/protocol/limits/project-shares.js';

const keyOf = ({ project, lane }: ProjectInLane) => `${lane} ${project}`;

/** The places that projects take, and the projects that are over their share. */
export class MemoryPlaces implements PlaceStore {
  readonly notes: Place[] = [];
  readonly marks = new Map<string, number>();

  async take(place: Place): Promise<void> {
    this.remove(place);
    this.notes.push(place);
  }

  async leave(place: Pick<Place, 'project' | 'lane' | 'holder'>): Promise<void> {
    this.remove(place);
  }

  private remove(place: Pick<Place, 'project' | 'lane' | 'holder'>): void {
    const index = this.notes.findIndex((it) => keyOf(it) === keyOf(place) && it.holder === place.holder);
    if (index >= 0) this.notes.splice(index, 1);
  }

  async taken(of: ProjectInLane, now: number): Promise<number> {
    const own = this.notes.filter((it) => keyOf(it) === keyOf(of) && it.until > now);
    return own.reduce((sum, { weight }) => sum + weight, 0);
  }

  async markOver(of: ProjectInLane, until: number): Promise<void> {
    this.marks.set(keyOf(of), Math.max(until, this.marks.get(keyOf(of)) ?? 0));
  }

  async over(lane: ProjectInLane['lane'], now: number): Promise<ReadonlyMap<string, number>> {
    const own = [...this.marks].filter(([key, until]) => key.startsWith(`${lane} `) && until > now);
    return new Map(own.map(([key, until]) => [key.slice(lane.length + 1), until]));
  }
}
