import type { BlockList } from 'node:net';
import * as z from 'zod/mini';
import type { Payload } from '../formats/format.js';
import type { CallOutcome } from './outcome.js';

/** What an installation lets its outbound calls do beyond public HTTPS. */
export interface CallRules {
  readonly allowHttp: boolean;
  /** Only for the local stack. Lets 127.0.0.0/8 and ::1 through, and nothing else. */
  readonly allowLoopback: boolean;
  /** Private ranges that may be called, such as those of the installation's own VPC. No other kind of range is ever let through. */
  readonly allowedPrivateRanges?: BlockList | undefined;
  /** Patterns of the ARNs that may be reached. Absent: none. */
  readonly allowedTargets?: readonly string[] | undefined;
  /** Name of our own stack, whose queues and functions are no targets. */
  readonly ownStack?: string | undefined;
}

/** What decides whether a destination may be reached. */
export interface Reach extends Pick<CallRules, 'allowedTargets' | 'ownStack'> {
  /** Patterns of the project, which limit those of the installation. Absent: no limit of its own. */
  readonly ofProject?: readonly string[] | undefined;
}

/** What the destinations of all kinds have. */
export interface AnyDestination {
  /** The kind; absent: HTTP. */
  readonly type?: string;
  /** Milliseconds for the whole call. A long timeout sends the call through the slow lane. */
  readonly timeout_ms: number;
}

/** Of the destinations of all kinds, unless a kind says otherwise. */
export const callTimeout = () => z.int().check(z.gte(100), z.lte(300_000));
export const DEFAULT_TIMEOUT_MS = 10_000;

export type Fields = Readonly<Record<string, z.ZodMiniType>>;

/** Of an outcome, what the rules read. */
export type Judged = Pick<CallOutcome, 'status' | 'http_status' | 'error'>;

/** What the rules know of a kind of target. */
export interface Kind<Destination extends AnyDestination = AnyDestination> {
  /** What a destination without a name is called in notifications. Holds no secret. */
  nameOf(destination: Destination): string;
  /** Why the destination may not be reached, in words; `pointer` names the field. */
  unreachable?(destination: Destination, reach: Reach): { pointer: string; message: string } | undefined;
  /** Why the payload cannot be sent there, in words. */
  payloadFault?(payload: Payload | undefined): string | undefined;
  /** Which of the headers are sent. Absent: all. */
  carried?(headers: Record<string, string>): Record<string, string>;
  /** The headers that the destination adds to what is sent; where a request is shown, their values are hidden. */
  ownHeaders?(destination: Destination): Readonly<Record<string, string>>;
  /** The fields that hold secrets, with each secret changed; `pointer` names its place. */
  withSecrets?(destination: Destination, change: (value: string, pointer: string) => string): Partial<Destination>;
  /** Why the destination takes nothing any more, in words; undefined if it may. An endpoint is then disabled. */
  goneReason?(outcome: Judged): string | undefined;
  /** Whether a failed call would only fail the same way again, whatever the retry policy says. */
  isFinal?(outcome: Judged): boolean;
}

/** What the audit keeps of a value that is there. */
// biome-ignore lint/suspicious/noExplicitAny: the value is of its field's type
export type Audited = (value: any) => unknown;

/** The fields of a kind, but `type`, as the API takes them. */
export interface KindFields {
  /** Without defaults. The rules of a stage change what is good. */
  schemas(rules: CallRules): Fields;
  /** Of all fields; undefined: the field must be given, and is a string. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** A field's value after a patch, where that is not the value as given. */
  // biome-ignore lint/suspicious/noExplicitAny: both values are of the field's type
  readonly merged?: Readonly<Record<string, (had: any, given: any) => unknown>>;
  /** Which fields may hold secrets, and what the audit keeps of a value. */
  readonly audited: Readonly<Record<string, Audited>>;
}

/** What the OpenAPI document says of a kind. */
export interface KindDocument {
  /** The same fields, as they are shown. */
  shown(): Fields;
  /** Schemas with a name of their own. */
  components?(): Fields;
  /** What its fields mean, and what their texts are. */
  readonly notes: Readonly<Record<string, string>>;
  readonly formats?: Readonly<Record<string, object>>;
}

/** What targets beside HTTP are told of a delivery. */
export interface Delivery {
  /** Name of the event, or of the task run. */
  readonly name?: string | undefined;
  /** Deliveries of one group are kept in order by the targets that keep an order. */
  readonly group: string;
  /** The project's patterns, as in `Reach`. */
  readonly ofProject?: readonly string[] | undefined;
}

/** What a caller sends, and how long it may take. */
export interface OutboundRequest {
  /** What identifies the delivery, its signatures and its trace, and the destination's own headers. */
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  /** Milliseconds for everything together. */
  readonly timeoutMs: number;
  /** Aborting it ends the call as `cancelled`. */
  readonly cancel?: AbortSignal;
  /** Absent for HTTP. */
  readonly delivery?: Delivery;
}

/** Makes a call. Never rejects: whatever goes wrong is an outcome. */
export type Caller<Destination> = (destination: Destination, request: OutboundRequest) => Promise<CallOutcome>;

export interface CallerSettings extends CallRules {
  /** The clock, in milliseconds since 1970. */
  readonly now: () => number;
}
