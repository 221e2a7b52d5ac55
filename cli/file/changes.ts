import { isDeepStrictEqual } from 'node:util';
import { CommandFault } from '../exit-codes.js';
import type { Present } from './present.js';
import {
  type Definitions,
  defaultsOf,
  type Fields,
  SECTIONS,
  type Section,
  SINGULAR,
  wholeTarget,
} from './sections.js';

export interface FieldChange {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

export type Change = { readonly section: Section; readonly name: string } & (
  | { readonly kind: 'create'; readonly fields: Fields }
  | { readonly kind: 'update'; readonly id: string; readonly changed: readonly FieldChange[]; readonly patch: Fields }
  | { readonly kind: 'delete'; readonly id: string }
);

/** What makes the project as the file says, in the order in which it can be done; deletions last, and only with `prune`. */
export function changesOf(wanted: Definitions, present: Present, prune: boolean): Change[] {
  assertNamesKnown(wanted, present, prune);
  const made = SECTIONS.flatMap((section) =>
    Object.entries(wanted[section]).flatMap(([name, fields]) => changeOf(section, name, fields, present)),
  );
  const surplus = [...SECTIONS]
    .reverse()
    .flatMap((section) =>
      [...present[section]]
        .filter(([name]) => !(name in wanted[section]))
        .map(([name, { id }]) => ({ kind: 'delete' as const, section, name, id })),
    );
  return prune ? [...made, ...surplus] : made;
}

function changeOf(section: Section, name: string, fields: Fields, present: Present): Change[] {
  const found = present[section].get(name);
  if (found === undefined) return [{ kind: 'create', section, name: asKey(section, name), fields }];
  const whole = { ...defaultsOf(section, fields), ...fields };
  const changed = Object.entries(whole)
    // An older release of the API does not show a newer field.
    .filter(([field]) => field in fields || field in found.fields)
    .map(([field, after]) => ({ field, before: found.fields[field] ?? null, after }))
    .filter(({ field, before, after }) => !isSame(field, before, after));
  if (changed.length === 0) return [];
  // What the file does not name gets its default back by null.
  const patch = Object.fromEntries(changed.map(({ field }) => [field, fields[field] ?? null]));
  return [{ kind: 'update', section, name, id: found.id, changed, patch }];
}

/** A name by which the API makes an object. */
function asKey(section: Section, name: string): string {
  if (/[%/?]/.test(name))
    throw new CommandFault(`No ${SINGULAR[section]} can be made by the name ${name}: leave %, / and ? out of it.`);
  return name;
}

const MOMENTS: ReadonlySet<string> = new Set(['run_at', 'start_at', 'end_at']);

/** Values of headers are not shown by the API, so only their names are compared. */
function isSame(field: string, before: unknown, after: unknown): boolean {
  if (field === 'headers') return isDeepStrictEqual(namesOf(before), namesOf(after));
  if (field === 'target' && before && after) {
    const { headers: shown, ...rest } = before as Fields;
    const { headers: given, ...wanted } = wholeTarget(after as Fields, before as Fields);
    return isSame('headers', shown, given) && isDeepStrictEqual(rest, wanted);
  }
  if (MOMENTS.has(field) && before && after) return Date.parse(String(before)) === momentOf(after);
  return isDeepStrictEqual(before, after);
}

const namesOf = (headers: unknown): string[] =>
  Object.keys((headers ?? {}) as object)
    .map((name) => name.toLowerCase())
    .sort();
const momentOf = (moment: unknown): number => (typeof moment === 'number' ? moment * 1000 : Date.parse(String(moment)));

/** A name that nothing has is a mistake of writing, and found before anything is changed. */
function assertNamesKnown(wanted: Definitions, present: Present, prune: boolean): void {
  const known = (section: Section, name: unknown) =>
    String(name) in wanted[section] || (!prune && present[section].has(String(name)));
  for (const section of SECTIONS)
    for (const [name, { endpoint, retry_policy }] of Object.entries(wanted[section])) {
      const where = `The ${SINGULAR[section]} ${name}`;
      if (endpoint !== undefined && !known('endpoints', endpoint))
        throw new CommandFault(`${where} names the endpoint ${endpoint}, which is not there.`);
      if (retry_policy !== undefined && !known('retry_policies', retry_policy))
        throw new CommandFault(`${where} names the retry policy ${retry_policy}, which is not there.`);
    }
}
