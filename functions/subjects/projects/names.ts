/** The objects of a project that can be put by a name. */
export type NamedKind = 'ep' | 'rp' | 'sch';

export interface ObjectName {
  readonly project: string;
  readonly kind: NamedKind;
  readonly name: string;
}

/**
 * Which object a name stands for. A name is claimed before its object is written, for the id with which the object is
 * made: after a crash in between, the next try makes the object with that id. Strongly consistent.
 */
export interface NameStore {
  /** Undefined for a name that is free. The object may not be there yet, or not any more. */
  find(name: ObjectName): Promise<string | undefined>;
  /** Claims a free name. Answers the id that the name stands for. */
  claim(name: ObjectName, id: string): Promise<string>;
  /** Frees the name if it stands for this id. */
  release(name: ObjectName, id: string): Promise<void>;
}

interface Named {
  readonly id: string;
  readonly project_id: string;
  readonly key?: string;
}

/**
 * Frees the name of an object that is about to be deleted. The name comes first: if the process dies in between, the
 * object has no name any more, and no later object takes the id of a deleted one.
 */
export async function freeName(
  { names }: { readonly names: NameStore },
  kind: NamedKind,
  { id, project_id: project, key }: Named,
): Promise<void> {
  if (key !== undefined) await names.release({ project, kind, name: key }, id);
}
