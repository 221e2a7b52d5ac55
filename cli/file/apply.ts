import type { NewEndpoint, NewRetryPolicy, NewSchedule, Punctual } from '../../clients/typescript/punctual.js';
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

async function apply(punctual: Punctual, change: Change, ids: ReadonlyMap<string, string>): Promise<Done> {
  const objects = {
    retry_policies: punctual.retryPolicies,
    endpoints: punctual.endpoints,
    schedules: punctual.schedules,
  }[change.section];
  if (change.kind === 'delete') {
    await objects.delete(change.id);
    return { id: change.id };
  }
  const fields = withIds(change.kind === 'create' ? { name: change.name, ...change.fields } : change.patch, ids);
  if (change.kind === 'update') {
    await objects.update(change.id, fields);
    return { id: change.id };
  }
  if (change.section === 'retry_policies')
    return { id: (await punctual.retryPolicies.create(fields as NewRetryPolicy)).id };
  if (change.section === 'schedules') return { id: (await punctual.schedules.create(fields as NewSchedule)).id };
  const { id, signing_secret } = await punctual.endpoints.create(fields as NewEndpoint);
  return { id, signing_secret };
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
