import type { Punctual } from '../../clients/typescript/punctual.js';
import { CommandFault, EXIT } from '../exit-codes.js';
import { type Fields, type Section, SINGULAR } from './sections.js';

/** An object of the project, with names in place of ids. */
export interface PresentObject {
  readonly id: string;
  readonly fields: Fields;
}

export type Present = Readonly<Record<Section, ReadonlyMap<string, PresentObject>>>;

/**
 * All objects of the project: by the key by which they were put, the others by their name.
 * @throws CommandFault if a name of a section is there twice: a name could mean either
 */
export async function presentObjects({ retryPolicies, endpoints, schedules }: Punctual): Promise<Present> {
  const all = { page_size: 100 };
  const policyRows = await gathered(retryPolicies.list(all));
  const endpointRows = await gathered(endpoints.list(all));
  // A completed schedule does not come again, and one of a dialect has what no file can say.
  const scheduleRows = (await gathered(schedules.list(all))).filter(
    ({ status }) => status === 'active' || status === 'paused',
  );
  const whole = [];
  for (const { id } of scheduleRows) whole.push(await schedules.get(id));
  const policyNames = new Map(policyRows.map((row) => [row.id, ownName(row)]));
  const endpointNames = new Map(endpointRows.map((row) => [row.id, ownName(row)]));
  const policyOf = (id: string | null) => (id === null ? null : (policyNames.get(id) ?? id));
  return {
    retry_policies: byName('retry_policies', policyRows, (policy) => ({ ...policy })),
    endpoints: byName('endpoints', endpointRows, (endpoint) => ({
      ...endpoint,
      retry_policy: policyOf(endpoint.retry_policy_id),
    })),
    schedules: byName('schedules', whole, (schedule) => ({
      ...schedule,
      target: schedule.target ?? null,
      endpoint:
        schedule.endpoint_id === null ? null : (endpointNames.get(schedule.endpoint_id) ?? schedule.endpoint_id),
      retry_policy: policyOf(schedule.retry_policy_id),
    })),
  };
}

interface Named {
  readonly id: string;
  readonly name: string;
  readonly key?: string;
}

const ownName = ({ key, name }: Named): string => key ?? name;

function byName<Row extends Named>(
  section: Section,
  rows: readonly Row[],
  fieldsOf: (row: Row) => Fields,
): Map<string, PresentObject> {
  const found = new Map<string, PresentObject>();
  for (const row of rows) {
    const name = ownName(row);
    const other = found.get(name);
    if (other)
      throw new CommandFault(
        `Two objects are called ${SINGULAR[section]} ${name}: ${other.id} and ${row.id}. Rename or delete one.`,
        EXIT.failed,
      );
    found.set(name, { id: row.id, fields: fieldsOf(row) });
  }
  return found;
}

async function gathered<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
