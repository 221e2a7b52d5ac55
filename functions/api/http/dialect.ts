import type * as z from 'zod';
import { type BodyFormat, shownId } from '../../formats/formats.js';
import { UUID_V7_HEX } from '../../primitives/ids.js';
import type { ErrorEnvelope } from './http-stack.js';
import type { Problem } from './problem.js';
import type { Route } from './route.js';

/** Another API over the same schedules and task runs. */
export interface Dialect {
  /** Also the name of the dialect's body format, which its rows have. */
  readonly name: BodyFormat;
  /** The path at and below which all routes of the dialect lie. */
  readonly prefix: string;
  readonly routes: readonly Route[];
  /** Form of errors, also at paths without a route. */
  readonly error: ErrorEnvelope;
}

/** A dialect's part of the OpenAPI document, listed in `api/openapi/dialects.ts`. */
export interface DialectDocument {
  readonly tag: string;
  /** Name of the component of the dialect's errors. */
  readonly error: string;
  /** The dialect's own status for each status that it replaces. */
  readonly statuses?: Readonly<Record<number, number>>;
  readonly components: Readonly<Record<string, z.ZodType>>;
  /** Operations by method and path. */
  readonly operations: Readonly<
    Record<string, { readonly id: string; readonly takes?: string; readonly gives: Readonly<Record<number, string>> }>
  >;
  /** Headers that the dialect's receivers get beside those of every call; calls that arrive, by name of webhook. */
  readonly headers: Readonly<Record<string, { readonly description: string; readonly required: boolean }>>;
  readonly arrivals: Readonly<Record<string, Arrival<string>>>;
  /** Meaning of the dialect's fields, and formats of their texts. */
  readonly notes: Readonly<Record<string, string>>;
  readonly formats: Readonly<Record<string, object>>;
}

/** A call that a receiver gets. */
export interface Arrival<Header extends string> {
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  /** The body's schema stands inline: generators drop named schemas that no path uses. */
  readonly body?: z.ZodType;
  /** Headers beyond those of every call. */
  readonly headers?: readonly Header[];
}

/**
 * A problem as the one message of a dialect's error: the detail, or every fault behind its field's name. Ids have the
 * dialect's form.
 */
export function oneMessage({ detail, errors }: Problem, dialect: BodyFormat): string {
  const faults = errors?.map(({ pointer, message }) => `${fieldOf(pointer)}: ${message}`).join(' ');
  return (faults ?? detail).replace(IDS, (id) => shownId(dialect, id));
}

const IDS = new RegExp(`\\b(?:sch|run)_${UUID_V7_HEX}\\b`, 'g');

/** `/headers/host` becomes `headers.host`; the whole body becomes `body`. */
function fieldOf(pointer: string): string {
  return pointer.replace(/^\//, '').replaceAll('/', '.') || 'body';
}
