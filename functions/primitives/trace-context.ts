/** The caller's trace (W3C Trace Context): what we send on its behalf belongs to it. */
export interface TraceContext {
  /** 32 lower-case hex digits. */
  readonly id: string;
  /** Two hex digits. */
  readonly flags: string;
}

/** What later versions may carry behind another dash is none of ours. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(?:-|$)/;

/** Reads a `traceparent` header; one that breaks the rules begins no trace, and is no fault of the request. */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  const [, id, flags] = TRACEPARENT.exec(header ?? '') ?? [];
  return id !== undefined && flags !== undefined ? { id, flags } : undefined;
}
