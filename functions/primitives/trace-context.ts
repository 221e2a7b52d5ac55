/** The caller's trace (W3C Trace Context): the calls that we make for the caller belong to it. */
export interface TraceContext {
  /** 32 lower-case hex digits. */
  readonly id: string;
  /** Two hex digits. */
  readonly flags: string;
}

/** Later versions may add fields after another dash: these are ignored. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(?:-|$)/;

/** Reads a `traceparent` header. An invalid header is ignored, and is no fault of the request. */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  const [, id, flags] = TRACEPARENT.exec(header ?? '') ?? [];
  return id !== undefined && flags !== undefined ? { id, flags } : undefined;
}
