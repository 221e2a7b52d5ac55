import * as z from 'zod/mini';
import { type Fault, InvalidRequestError } from '../../primitives/faults.js';
import type { ApiSettings } from '../../runtime/api-ports.js';
import { setFaultMessages } from './fault-messages.js';
import { pointer, type ReadJson } from './read-json.js';
import type { Route } from './route.js';

setFaultMessages();

const NOTHING = z.strictObject({});
/** Most faults that an answer names. */
const MAX_FAULTS = 100;

/** The parameters of a query: `label` any number of times, each other one once. */
export interface Parameters {
  readonly project_id?: string;
  readonly label?: readonly string[];
  readonly [name: string]: unknown;
}

/** @throws InvalidRequestError for a parameter that is repeated */
export function parametersIn(search: URLSearchParams): Parameters {
  const label = search.getAll('label');
  const single = [...search].filter(([name]) => name !== 'label');
  const seen = new Set<string>();
  const repeated = single.filter(([name]) => seen.size === seen.add(name).size);
  if (repeated.length > 0)
    throw new InvalidRequestError(repeated.map(([pointer]) => ({ pointer, message: 'Give this parameter once.' })));
  return { ...Object.fromEntries(single), ...(label.length > 0 && { label }) };
}

/**
 * Checks body and query against the route's schemas.
 * @throws InvalidRequestError naming every fault of both
 */
export function validate(
  route: Pick<Route, 'body' | 'query'>,
  json: ReadJson,
  parameters: Omit<Parameters, 'project_id'>,
  settings: ApiSettings,
): { body: unknown; query: unknown } {
  const body = bodySchema(route, settings).safeParse(json.value);
  const query = (route.query ?? NOTHING).safeParse(parameters);
  const faults = [
    ...json.faults,
    ...(body.success ? [] : body.error.issues.flatMap((issue) => faultsOf(issue, pointer))),
    ...(query.success ? [] : query.error.issues.flatMap((issue) => faultsOf(issue, parameterName).map(aboutParameter))),
  ];
  if (faults.length > 0) throw new InvalidRequestError(distinct(faults).slice(0, MAX_FAULTS));
  return { body: body.data, query: query.data };
}

type Schema = z.ZodMiniType;
type SchemaOfStage = (settings: ApiSettings) => Schema;

/** Cache of the schemas that depend on the stage: making a schema takes as long as fifty checks with it. */
const madeFor = new WeakMap<ApiSettings, Map<SchemaOfStage, Schema>>();

function bodySchema({ body = NOTHING }: Pick<Route, 'body'>, settings: ApiSettings): Schema {
  if (typeof body !== 'function') return body;
  const made = madeFor.get(settings) ?? new Map<SchemaOfStage, Schema>();
  const schema = made.get(body) ?? body(settings);
  madeFor.set(settings, made.set(body, schema));
  return schema;
}

/** Faults without repeats: one number may break two checks with the same message. */
function distinct(faults: readonly Fault[]): Fault[] {
  return [...new Map(faults.map((fault) => [`${fault.pointer} ${fault.message}`, fault])).values()];
}

type Where = (keys: readonly PropertyKey[]) => string;

const parameterName: Where = (keys) => keys.map(String).join('.');

/** The message for a query, which has parameters in place of fields. */
const aboutParameter = ({ pointer, message }: Fault): Fault => {
  return { pointer, message: message.replace(/^Unknown field/, 'Unknown parameter') };
};

/** The faults of a zod issue: one fault per unknown field; of a union, the faults inside its closest form. */
function faultsOf(issue: z.core.$ZodIssue, where: Where, base: readonly PropertyKey[] = []): Fault[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const messages = issue.message.split('\n');
    return messages.map((message, index) => ({ pointer: where([...path, issue.keys[index]!]), message }));
  }
  const inside = issue.code === 'invalid_union' ? closestForm(issue.errors) : undefined;
  if (inside !== undefined) return inside.flatMap((inner) => faultsOf(inner, where, path));
  return [{ pointer: where(path), message: issue.message }];
}

/** The form whose type fits, so that its faults lie deeper; undefined when no form has the value's type. */
function closestForm(forms: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  return forms.find((issues) => issues.length > 0 && !issues.some(isOfOtherKind));
}

/** Kinds of targets are told apart by their `type`. */
function isOfOtherKind(issue: z.core.$ZodIssue): boolean {
  const { code, path } = issue;
  if (code === 'unrecognized_keys') return issue.keys.includes('type');
  return path[0] === 'type' || (path.length === 0 && (code === 'invalid_type' || code === 'invalid_value'));
}
