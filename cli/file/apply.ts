import type { Punctual } from '../../clients/typescript/punctual.js';
import type { Change } from './changes.js';
import type { Present } from './present.js';
import type { Fields, Section } from './sections.js';

export interface Applied {
  readonly section: Section;
  readonly name: string;
  readonly id: string;
  readonly kind: Change['kind'];
  /** Of a new endpoint; shown this once. */
  readonly signing_secret?: string;
}

/** Makes the changes one after the other, and tells each: what stands when a later one fails. */
export async function* applied(
  punctual: Punctual,
  changes: readonly Change[],
  present: Present,
): AsyncGenerator<Applied> {
  const ids = new Map<string, string>();
  for (const section of ['retry_policies', 'endpoints'] as const)
    for (const [name, { id }] of present[section]) ids.set(`${section} ${name}`, id);
  for (const change of changes) {
    const done = await apply(punctual, change, ids);
    ids.set(`${change.section} ${change.name}`, done.id);
    yield { section: change.section, name: change.name, kind: change.kind, ...done };
  }
}

type Done = Pick<Applied, 'id' | 'signing_secret'>;

/** What `apply` asks of each kind of object. */
interface Objects {
  put(key: string, fields: Fields): Promise<Done>;
  update(id: string, fields: Fields): Promise<Done>;
  delete(id: string): Promise<void>;
}

/** A new object is put by its name: of two `apply` at the same time, one makes it. */
async function apply(punctual: Punctual, change: Change, ids: ReadonlyMap<string, string>): Promise<Done> {
  const objects: Objects = {
    retry_policies: punctual.retryPolicies,
    endpoints: punctual.endpoints,
    schedules: punctual.schedules,
  }[change.section];
  if (change.kind === 'delete') {
    await objects.delete(change.id);
    return { id: change.id };
  }
  const { id, signing_secret } =
    change.kind === 'update'
      ? await objects.update(change.id, withIds(change.patch, ids))
      : await objects.put(change.name, withIds(change.fields, ids));
  return { id, ...(signing_secret !== undefined && { signing_secret }) };
}

/** The API's own fields: ids in place of names. */
function withIds({ endpoint, retry_policy, ...fields }: Fields, ids: ReadonlyMap<string, string>): Fields {
  const idOf = (section: Section, name: unknown) => (name === null ? null : ids.get(`${section} ${name}`));
  return {
    ...fields,
    ...(endpoint !== undefined && { endpoint_id: idOf('endpoints', endpoint) }),
    ...(retry_policy !== undefined && { retry_policy_id: idOf('retry_policies', retry_policy) }),
  };
}
