import { en } from 'zod/locales';
import * as z from 'zod/mini';
import { type Fault, InvalidRequestError } from '../core/faults.js';
import type { ApiSettings } from '../runtime/api-ports.js';
import { pointer } from './json/pointer.js';
import type { ReadJson } from './json/read-json.js';
import type { Route } from './route.js';

// zod/mini has no words of its own.
z.config(en());

const NOTHING = z.strictObject({});
/** More of them help nobody. */
const MAX_FAULTS = 100;

/**
 * Checks body and query against the route's schemas.
 * @throws InvalidRequestError naming every fault of both
 */
export function validate(
  route: Route,
  json: ReadJson,
  parameters: Readonly<Record<string, string>>,
  settings: ApiSettings,
): { body: unknown; query: unknown } {
  const body = bodySchema(route, settings).safeParse(json.value);
  const query = (route.query ?? NOTHING).safeParse(parameters);
  const faults = [
    ...json.faults,
    ...(body.success ? [] : body.error.issues.flatMap((issue) => faultsOf(issue, pointer))),
    ...(query.success ? [] : query.error.issues.flatMap((issue) => faultsOf(issue, parameterName))),
  ];
  if (faults.length > 0) throw new InvalidRequestError(faults.slice(0, MAX_FAULTS));
  return { body: body.data, query: query.data };
}

type Schema = z.ZodMiniType;
type SchemaOfStage = (settings: ApiSettings) => Schema;

/** What depends on the stage, made once: to make a schema takes as long as fifty checks by it. */
const madeFor = new WeakMap<ApiSettings, Map<SchemaOfStage, Schema>>();

function bodySchema({ body = NOTHING }: Route, settings: ApiSettings): Schema {
  if (typeof body !== 'function') return body;
  const made = madeFor.get(settings) ?? new Map<SchemaOfStage, Schema>();
  const schema = made.get(body) ?? body(settings);
  madeFor.set(settings, made.set(body, schema));
  return schema;
}

type Where = (keys: readonly PropertyKey[]) => string;

const parameterName: Where = (keys) => keys.map(String).join('.');

/** A zod issue in our words: one fault per unknown field, and what is wrong inside of the form that was meant. */
function faultsOf(issue: z.core.$ZodIssue, where: Where, base: readonly PropertyKey[] = []): Fault[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys')
    return issue.keys
      .slice(0, MAX_FAULTS)
      .map((key) => ({ pointer: where([...path, key]), message: 'Unknown field.' }));
  const inside = issue.code === 'invalid_union' ? closestForm(issue.errors) : undefined;
  if (inside !== undefined) return inside.flatMap((inner) => faultsOf(inner, where, path));
  return [{ pointer: where(path), message: messageOf(issue) }];
}

/** The form whose type fits, so that its faults lie deeper; none when the value is of another kind altogether. */
function closestForm(forms: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  const isOtherKind = ({ code, path }: z.core.$ZodIssue) =>
    path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');
  return forms.find((issues) => issues.length > 0 && !issues.some(isOtherKind));
}

function messageOf(issue: z.core.$ZodIssue): string {
  const isMissing = issue.code === 'invalid_type' && issue.input === undefined && issue.message.endsWith('undefined');
  return isMissing ? 'Required.' : issue.message;
}
