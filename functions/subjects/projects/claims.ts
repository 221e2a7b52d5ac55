/** Something that a project does at the moment, and of which it may do a few at a time. */
export interface Claim {
  readonly id: string;
  /** Of two claims with the same name one stands. */
  readonly name: string;
  /** The claim ends at this moment by itself (Unix milliseconds). */
  readonly until: number;
}

export type ClaimKind = 'bulk_jobs' | 'endpoint_tests' | 'listeners' | 'waits';

export interface ClaimStore {
  /** Strongly consistent. */
  held(project: string, kind: ClaimKind): Promise<readonly Claim[]>;
  /**
   * Changes a project's claims by one conditional write, and answers the claims that stand. `change` is called again
   * after each concurrent change; it returns its argument when there is nothing to write.
   */
  change(
    project: string,
    kind: ClaimKind,
    change: (held: readonly Claim[]) => readonly Claim[],
  ): Promise<readonly Claim[]>;
}

/**
 * Takes the claim, unless one of its name stands, or `limit` of them do. Answers the claim of that name that stands;
 * undefined where there are too many.
 */
export async function takeClaim(
  claims: Pick<ClaimStore, 'change'>,
  project: string,
  kind: ClaimKind,
  wanted: Claim,
  limit: number,
  isOver: (held: Claim) => boolean,
): Promise<Claim | undefined> {
  const isSame = ({ name }: Claim) => name === wanted.name;
  const stand = await claims.change(project, kind, (held) => {
    const live = held.filter((claim) => !isOver(claim));
    return live.some(isSame) || live.length >= limit ? held : [...live, wanted];
  });
  return stand.find((claim) => isSame(claim) && !isOver(claim));
}

export async function endClaim(
  claims: Pick<ClaimStore, 'change'>,
  project: string,
  kind: ClaimKind,
  { id }: Pick<Claim, 'id'>,
): Promise<void> {
  await claims.change(project, kind, (held) =>
    held.some((claim) => claim.id === id) ? held.filter((claim) => claim.id !== id) : held,
  );
}
