/** What Punctual does for its users, told step by step: in the demo, against any address, and under each single death. */
export interface Story<World> {
  readonly name: string;
  /** @throws Error when something is not as the story tells it */
  tell(world: World): Promise<void>;
}
