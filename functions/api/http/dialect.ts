import type * as z from 'zod';
import { type BodyFormat, shownId } from '../../formats/formats.js';
import { UUID_V7_HEX } from '../../primitives/ids.js';
import type { ErrorEnvelope } from './http-stack.js';
import type { Problem } from './problem.js';
import type { Route } from './route.js';

/** Another API over the same schedules and task runs. */
export interface Dialect {
  /** Also the name of its body format, which its rows have. */
  readonly name: BodyFormat;
  /** The path that all of it lies at and below. */
  readonly prefix: string;
  readonly routes: readonly Route[];
  /** How errors look, also of paths where there is nothing. */
  readonly error: ErrorEnvelope;
}

/** What the OpenAPI document says of a dialect; the registry of these is `api/openapi/dialects.ts`. */
export interface DialectDocument {
  readonly tag: string;
  /** The component of its errors. */
  readonly error: string;
  /** Statuses that it answers in place of others. */
  readonly statuses?: Readonly<Record<number, number>>;
  readonly components: Readonly<Record<string, z.ZodType>>;
  /** By method and path. */
  readonly operations: Readonly<
    Record<string, { readonly id: string; readonly takes?: string; readonly gives: Readonly<Record<number, string>> }>
  >;
  /** Headers that its receivers get beside those of every call, and what arrives, by the name of its webhook. */
  readonly headers: Readonly<Record<string, { readonly description: string; readonly required: boolean }>>;
  readonly arrivals: Readonly<Record<string, Arrival<string>>>;
  /** What its fields mean, and what their texts are. */
  readonly notes: Readonly<Record<string, string>>;
  readonly formats: Readonly<Record<string, object>>;
}

/** A call that a receiver gets. */
export interface Arrival<Header extends string> {
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  /** Written out where it arrives: to a generator that looks for what the paths use, a name would be of nothing. */
  readonly body?: z.ZodType;
  /** Beyond those of every call. */
  readonly headers?: readonly Header[];
}

/**
 * A problem in the one sentence that a dialect's errors have: the detail, or every fault behind its field's name; with the ids
 * that the dialect shows.
 */
export function oneMessage({ detail, errors }: Problem, dialect: BodyFormat): string {
  const faults = errors?.map(({ pointer, message }) => `${fieldOf(pointer)}: ${message}`).join(' ');
  return (faults ?? detail).replace(IDS, (id) => shownId(dialect, id));
}

const IDS = new RegExp(`\\b(?:sch|run)_${UUID_V7_HEX}\\b`, 'g');

/** `/headers/host` is `headers.host`; the body as a whole has no name. */
function fieldOf(pointer: string): string {
  return pointer.replace(/^\//, '').replaceAll('/', '.') || 'body';
}
