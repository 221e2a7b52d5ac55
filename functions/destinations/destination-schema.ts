import * as z from 'zod/mini';
import { InvalidRequestError } from '../primitives/faults.js';
import { isObject } from '../primitives/json-text.js';
import type { CallRules, Fields, KindFields } from './kind.js';
import { type Destination, KIND_DOCUMENTS, KIND_FIELDS } from './registry.js';

type Kinds = Readonly<Record<string, Pick<KindFields, 'schemas' | 'defaults' | 'merged'>>>;
/** The fields of a destination; which they are, only its kind knows. */
type OwnFields = Readonly<Record<never, z.ZodMiniType>>;
/** Makes an object of a destination's fields, and of others beside them. */
type Form<Body> = (fields: OwnFields) => z.core.$ZodType<Body>;

/** A body that has a destination's fields, defaults filled in: one form for each kind. */
export function newDestination<Body>(rules: CallRules, form: Form<Body>, kinds: Kinds = KIND_FIELDS) {
  return oneForm(kinds, form, (kind) =>
    changed(kind.schemas(rules), (schema, name) =>
      kind.defaults[name] === undefined ? schema : z._default(schema, kind.defaults[name] as never),
    ),
  );
}

/** What an answer shows of a destination, one form for each kind. */
export function shownDestination<Body>(form: Form<Body>) {
  return oneForm(KIND_DOCUMENTS, form, ({ shown }) => shown());
}

/** Forms other than that of HTTP name their kind in `type`. */
function oneForm<Body, Kind>(
  kinds: Readonly<Record<string, Kind>>,
  form: Form<Body>,
  fields: (kind: Kind) => Fields,
): z.ZodMiniType<Body & Destination> {
  const forms = Object.entries(kinds).map(([name, kind]) =>
    form({ ...(name !== 'http' && { type: z.literal(name) }), ...fields(kind) }),
  );
  return (forms.length > 1 ? z.union(forms, 'Must be a target of a known type.') : forms[0]) as z.ZodMiniType<
    Body & Destination
  >;
}

/** Where and how to call, given inline as a task's or schedule's `target`. */
export function targetSchema(rules: CallRules, kinds?: Kinds): z.ZodMiniType<Destination> {
  return newDestination(rules, (fields) => z.strictObject(fields) as z.ZodMiniType<object>, kinds);
}

export const ONE_DESTINATION = 'Give either endpoint_id or target.';
type Choice = Partial<Record<'endpoint_id' | 'target', unknown>>;

export const hasOneDestination = ({ endpoint_id, target }: Choice) =>
  (endpoint_id === undefined) !== (target === undefined);

/** The check of a body that names an endpoint or has a target. */
export const oneDestination = () =>
  z.refine<Choice>(hasOneDestination, { path: ['endpoint_id'], message: ONE_DESTINATION, when: isObject });

type KeyOf<One> = One extends unknown ? keyof One : never;
type ValueOf<One, Name> = One extends unknown ? (Name extends keyof One ? One[Name] : never) : never;
/** A merge patch: null restores a field's default. */
export type DestinationPatch = {
  readonly [Name in KeyOf<Destination>]?: ValueOf<Destination, Name> | null | undefined;
};

/** The fields of a merge patch: of all kinds, since a patch need not say which kind it changes. */
export function patchFields(rules: CallRules, kinds: Kinds = KIND_FIELDS): OwnFields {
  const fields = Object.values(kinds).map((kind) =>
    changed(kind.schemas(rules), (schema, name) =>
      kind.defaults[name] === undefined ? z.optional(schema) : z.nullish(schema),
    ),
  );
  return Object.assign({}, ...fields);
}

/** A merge patch of an inline target, which may make it another kind; an endpoint keeps its kind. */
export function targetPatchSchema(rules: CallRules, kinds: Kinds = KIND_FIELDS): z.ZodMiniType<DestinationPatch> {
  const types = Object.keys(kinds).filter((name) => name !== 'http');
  const type = types[0] && { type: z.nullish(z.enum(types)) };
  return z.strictObject({ ...type, ...patchFields(rules, kinds) }) as z.ZodMiniType<DestinationPatch>;
}

/**
 * The destination's fields after a merge patch. A patch that names another kind makes a new destination.
 * @param at the pointer of the object that holds the fields
 * @throws InvalidRequestError where a field is missing, or belongs to another kind
 */
export function patchedDestination(
  had: Destination | undefined,
  patch: DestinationPatch,
  at: string,
  kinds: Kinds = KIND_FIELDS,
): Destination {
  const type = patch.type === undefined ? had?.type : (patch.type ?? undefined);
  const before: Values = type === had?.type ? { ...had } : {};
  const given: Values = patch;
  const kind = kinds[type ?? 'http']!;
  const after = (name: string) => kind.merged?.[name]?.(before[name], given[name]) ?? given[name];
  const own = Object.fromEntries(
    Object.entries(kind.defaults).map(([name, otherwise]) => [
      name,
      (given[name] === undefined ? before[name] : after(name)) ?? otherwise,
    ]),
  );
  const known = new Set(Object.values(kinds).flatMap(({ defaults }) => Object.keys(defaults)));
  const faults = [...known].flatMap((name) => {
    const message = name in own ? own[name] === undefined && MISSING : given[name] != null && FOREIGN;
    return message ? [{ pointer: `${at}/${name}`, message }] : [];
  });
  if (faults.length > 0) throw new InvalidRequestError(faults);
  return Object.assign(own, type && { type }) as object as Destination;
}

const MISSING = 'Required. Send a string.';
const FOREIGN = 'Unknown to this kind of target.';

type Values = Readonly<Record<string, unknown>>;

function changed(fields: Fields, change: (schema: z.ZodMiniType, name: string) => z.ZodMiniType): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name, change(schema, name)]));
}
